package ringside.harness.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;

/** The repository's benchmarks, through {@code scripts/bench}: it compiles them and knows their class path and flags. */
public final class BenchScript {
    private final Path script;

    /**
     * @param home folder of the program
     * @throws HarnessException when that is no checkout: a distribution has no benchmarks
     */
    public BenchScript(Path home) {
        script = home.resolve("scripts").resolve("bench");
        if (!Files.isExecutable(script)) {
            throw HarnessException.badInput(home
                    + " is no checkout, and benchmarks are built from one: call scripts/ringside there, or read a result of"
                    + " JMH with --from FILE");
        }
    }

    /** Lists the benchmarks on standard output. */
    public void list() {
        run(List.of());
    }

    /**
     * Runs benchmarks; what JMH says goes to standard output.
     *
     * @param pattern regular expression of names
     * @param json where JMH's result goes
     * @param options further options of JMH
     */
    public void run(String pattern, Path json, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of(pattern));
        arguments.addAll(options);
        arguments.addAll(List.of("-rf", "json", "-rff", json.toAbsolutePath().toString()));
        run(arguments);
        if (!Files.isRegularFile(json)) {
            throw HarnessException.environment("JMH left no result: what it says is above");
        }
    }

    private void run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("RINGSIDE_JAVA_HOME", System.getProperty("java.home"));
        try {
            Process process = builder.start();
            int code = process.waitFor();
            if (code == 64) {
                throw HarnessException.badInput("no benchmark was run, see above: ringside micro lists them");
            }
            if (code != 0) {
                throw HarnessException.environment("the benchmarks ended with " + code + ": what they say is above");
            }
        } catch (IOException e) {
            throw HarnessException.environment("cannot run " + script + ": " + AtomicFiles.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HarnessException.environment("interrupted", e);
        }
    }
}
