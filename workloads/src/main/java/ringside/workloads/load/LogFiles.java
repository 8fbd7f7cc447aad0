package ringside.workloads.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ringside.workloads.job.JobLogs;
import ringside.workloads.job.JobLogs.Kind;
import ringside.workloads.job.JobSpec;

/**
 * The sample logs of a lane.
 *
 * @param rules what is in them
 * @param files where they are, by kind
 */
public record LogFiles(JobLogs rules, Map<Kind, Path> files) {
    /** The files of all lanes of a run. Confined to the thread that prepares the run. */
    public static final class Plan {
        private final Set<Path> begun = new HashSet<>();

        /**
         * The files of the next lane; what an earlier run left in them is gone.
         *
         * @param number 1 for the first lane of the run
         * @throws IllegalArgumentException one line, when an old file cannot be removed
         */
        public Optional<LogFiles> of(JobSpec job, int number) {
            if (!job.logs().isUsed()) {
                return Optional.empty();
            }
            Map<Kind, Path> files = job.logs().files(number);
            files.values().stream().filter(begun::add).forEach(Plan::remove);
            return Optional.of(new LogFiles(job.logs(), files));
        }

        private static void remove(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new IllegalArgumentException(file + ": cannot be replaced: " + e.getMessage(), e);
            }
        }
    }
}
