package ringside.harness.results;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import ringside.harness.HarnessException;

/**
 * The folder {@code disturbed} of a results folder: runs that the host disturbed and that are repeated. Nothing reads
 * them as results, but they stay, so that everybody can see what was put away and why.
 */
final class SetAside {
    private static final String FOLDER = "disturbed";

    private SetAside() {}

    /** How often a run was put away. */
    static int count(Path directory, PlannedRun run) {
        Path folder = directory.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, run.fileStem() + ".*.json")) {
            for (Path _ : files) {
                count++;
            }
        } catch (IOException e) {
            throw HarnessException.environment("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
        return count;
    }

    /**
     * Moves the files of a run. The result goes last: a process killed in between has moved nothing that counts.
     *
     * @param others histogram and logs
     * @param result the result
     */
    static void move(Path directory, PlannedRun run, List<Path> others, Path result) {
        Path folder = directory.resolve(FOLDER);
        String stem = run.fileStem() + "." + (count(directory, run) + 1);
        try {
            Files.createDirectories(folder);
            for (Path file : others) {
                if (Files.exists(file)) {
                    move(file, run, folder, stem);
                }
            }
            move(result, run, folder, stem);
        } catch (IOException e) {
            throw HarnessException.environment("cannot move " + result + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static void move(Path file, PlannedRun run, Path folder, String stem) throws IOException {
        String rest = file.getFileName().toString().substring(run.fileStem().length());
        Files.move(
                file, folder.resolve(stem + rest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
