package ringside.harness.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.JobResult;
import ringside.workloads.job.JobSpec;

/** The logs that the jobs of a run wrote beside the run's other logs. */
final class JobLogFiles {
    private final Path folder;
    private final String beginning;

    private JobLogFiles(RunSpec spec) {
        this.folder = spec.logFolder();
        this.beginning = spec.logBeginning();
    }

    /** Each job's result with the names of its logs. */
    static List<JobResult> list(List<JobResult> results, List<JobSpec> jobs, RunSpec spec) {
        JobLogFiles files = new JobLogFiles(spec);
        return results.stream().map(result -> files.list(result, jobs)).toList();
    }

    private JobResult list(JobResult result, List<JobSpec> jobs) {
        Set<String> prefixes = jobs.stream()
                .filter(job -> job.name().equals(result.name()))
                .flatMap(job -> job.logs().prefixes().values().stream())
                .filter(prefix -> !prefix.isAbsolute())
                .map(prefix -> prefix.getFileName().toString())
                .collect(Collectors.toSet());
        return prefixes.isEmpty() ? result : result.withLogs(names(prefixes));
    }

    private List<String> names(Set<String> prefixes) {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            } catch (IOException e) {
                throw HarnessException.environment("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
            }
        }
        return names.stream()
                .filter(name -> name.startsWith(beginning))
                .map(name -> name.substring(beginning.length()))
                .filter(name -> prefixes.stream().anyMatch(prefix -> isLog(name, prefix)))
                .sorted()
                .toList();
    }

    private static boolean isLog(String name, String prefix) {
        return name.startsWith(prefix + "_")
                && name.substring(prefix.length() + 1).matches("(bw|iops|slat|clat|lat|clat_hist)(\\.\\d+)?\\.log");
    }
}
