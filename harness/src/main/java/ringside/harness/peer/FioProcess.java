package ringside.harness.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ringside.harness.HarnessException;

/** Runs fio once. */
public final class FioProcess {
    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private FioProcess() {}

    /**
     * What a run gave.
     *
     * @param command the command line
     * @param output what fio measured
     */
    public record Result(List<String> command, FioOutput output) {}

    /**
     * Runs and waits; the process ends with this JVM.
     *
     * @param plannedNs ramp and runtime
     * @param log gets what fio writes beside its result
     * @throws HarnessException when fio is missing, refuses the job or does not end
     */
    public static Result run(FioCommand command, long plannedNs, Path log) {
        Path folder = ChildProcess.makeFolder();
        Path output = folder.resolve("fio.json");
        List<String> words = command.words(output);
        try (ChildProcess child = ChildProcess.start(words, folder, log)) {
            if (!child.waitFor(START_LIMIT_NS + 3 * plannedNs)) {
                throw HarnessException.environment("fio did not end in time" + child.tail());
            }
            String text = Files.exists(output) ? Files.readString(output) : "";
            if (child.exitCode() != 0 || text.isEmpty()) {
                throw HarnessException.environment(
                        "fio ended with exit code " + child.exitCode() + firstLine(text) + child.tail());
            }
            return new Result(words, FioOutput.parse(text));
        } catch (IOException e) {
            throw HarnessException.environment("fio's result cannot be read: " + e.getMessage(), e);
        }
    }

    /** fio writes its complaints into the result file, before the object. */
    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("").strip();
        return line.isEmpty() || line.startsWith("{") ? "" : ": " + line;
    }
}
