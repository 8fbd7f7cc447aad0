package ringside.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.serve.SoakOptions;
import ringside.harness.serve.SoakResult;
import ringside.harness.serve.SoakRun;
import ringside.harness.suite.Units;

/** Runs a server under verify load. */
@Command(
        name = "soak",
        description = {
            "Starts `ringside serve` in a process of its own and puts verify load on it: stamped blocks are written, read",
            "back and compared, and the image is checked at the end. Watches memory, descriptors and stuck requests."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside soak --time 60s --queues 4 --iothreads 2",
            "  ringside soak --time 10m --kill-every 5s --json soak.json",
            "  ringside soak --time 1h --blockdev driver=raw,file=t.raw,cache=none,aio=io_uring --allow-writes t.raw"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well",
            "1:something is wrong; the lines at the end say what",
            "2:the command line or the image is wrong",
            "3:the host does not allow it",
            "70:an error of Ringside itself"
        })
final class SoakCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long: a number with s, or m or h (default: 60s).")
    private String time;

    @Option(
            names = "--blockdev",
            paramLabel = "KEY=VALUE,...",
            description =
                    "What is served (see: ringside serve --help); its contents are lost. Default: a scratch image.")
    private String blockdev;

    @Option(
            names = "--allow-writes",
            paramLabel = "FILE",
            description = "Let the soak overwrite this image, which --blockdev names.")
    private List<Path> allowWrites = List.of();

    @Option(
            names = "--queues",
            paramLabel = "N",
            defaultValue = "1",
            description = "Queues, a thread each (default: 1).")
    private int queues;

    @Option(names = "--iothreads", paramLabel = "N", defaultValue = "1", description = "IOThreads (default: 1).")
    private int iothreads;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "32",
            description = "Requests in flight per queue (default: 32).")
    private int depth;

    @Option(
            names = "--kill-every",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "kill -9 the server that often, and start the next one (default: 0, never).")
    private String killEvery;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the load (default: 1).")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there, too.")
    private Path json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        SoakOptions options = options();
        Path folder = scratchFolder();
        try {
            SoakResult result = SoakRun.run(options, folder, out::println);
            result.summary().forEach(out::println);
            return (result.isClean() ? ExitCode.OK : ExitCode.RUNS_FAILED).code();
        } finally {
            remove(folder);
        }
    }

    private SoakOptions options() {
        try {
            return new SoakOptions(
                    nanoseconds(time),
                    Optional.ofNullable(blockdev),
                    allowWrites,
                    queues,
                    iothreads,
                    depth,
                    nanoseconds(killEvery),
                    seed,
                    Optional.ofNullable(json));
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        }
    }

    /** Minutes and hours, which only a soak takes, beside the durations of all other options. */
    private static long nanoseconds(String text) {
        if (text.matches("[0-9]{1,6}[mh]")) {
            long number = Long.parseLong(text.substring(0, text.length() - 1));
            return Units.nanoseconds(number * (text.endsWith("h") ? 3600 : 60) + "s");
        }
        return Units.nanoseconds(text);
    }

    private static Path scratchFolder() {
        try {
            return Files.createTempDirectory("ringside-soak-");
        } catch (IOException e) {
            throw HarnessException.environment("cannot make a scratch folder: " + AtomicFiles.reason(e), e);
        }
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw HarnessException.environment("cannot remove " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }
}
