package ringside.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.conformance.ReportFormat;
import ringside.harness.conformance.ServerDevices;
import ringside.harness.conformance.SpecCoverage;
import ringside.workloads.conformance.ConformanceReport;
import ringside.workloads.conformance.ConformanceSuite;
import ringside.workloads.conformance.TestResult;
import ringside.workloads.conformance.bench.BenchException;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.spec.Catalogue;
import ringside.workloads.conformance.spec.Verdict;
import ringside.workloads.conformance.target.OwnExports;
import ringside.workloads.conformance.target.OwnMachines;
import ringside.workloads.conformance.target.SocketServer;

/** Tests a virtio-blk device against the specification. */
@Command(
        name = "conformance",
        description = {
            "Tests a virtio-blk device against VIRTIO 1.2, statement by statement: what a device must and should do, and",
            "hostile drivers that it must survive. The device behind a socket is written to: give it an image to spare."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside conformance                                     our own device over virtio-mmio",
            "  ringside conformance --target pci                        the same over virtio-pci",
            "  ringside conformance --target vhost-user                 our own vhost-user server",
            "  ringside conformance --target vhost-user:/tmp/vu.sock    a server that runs already",
            "  ringside conformance --server qsd-raw                    qemu-storage-daemon, started per test device",
            "  ringside conformance --clause D19 --clause R014 --ring split",
            "  ringside conformance --format markdown --output report.md"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that applies passes",
            "1:a MUST is not met, or a hostile driver was not survived",
            "2:the command line is wrong",
            "3:the host does not allow it, or the server cannot be reached",
            "4:all MUSTs are met, but something deviates from a SHOULD or a proposed reaction",
            "70:an error of Ringside itself"
        })
final class ConformanceCommand implements Callable<Integer> {
    private static final String VHOST_USER = "vhost-user";

    /** Our server tells its log of every hostile front-end. Held here, or the level would be forgotten. */
    private static final Logger SERVER_LOG = Logger.getLogger("ringside.vhostuser");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            defaultValue = "mmio",
            description = "mmio (default), pci, vhost-user for our own server, or vhost-user:SOCKET for any.")
    private String target;

    @Option(
            names = "--server",
            paramLabel = "NAME|COMMAND",
            description =
                    "Start this vhost-user server instead: a built-in name of suites, or a command with {socket}.")
    private String server;

    @Option(names = "--ring", paramLabel = "FORMAT", description = "split or packed (default: both).")
    private List<String> rings = List.of();

    @Option(
            names = "--clause",
            paramLabel = "ID",
            split = ",",
            description = "Only tests about D01, S01, R001, V01, ...")
    private List<String> clauses = List.of();

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "text (default), json, markdown or junit.")
    private String format;

    @Option(names = "--output", paramLabel = "FILE", description = "Write the report there; its summary is printed.")
    private Path output;

    @Option(names = "--coverage", paramLabel = "FILE", description = "Only write the table of statements and tests.")
    private Path coverage;

    @Override
    public Integer call() {
        if (coverage != null) {
            write(coverage, SpecCoverage.page());
            return ExitCode.OK.code();
        }
        ReportFormat chosen = ReportFormat.of(format);
        Set<String> wanted = wanted();
        List<RingKind> kinds = kinds();
        Path folder = makeFolder();
        try (DeviceSource source = source(folder);
                ConformanceSuite suite = new ConformanceSuite(source)) {
            ConformanceReport report = suite.run(kinds, wanted, this::progress);
            print(report, chosen);
            return code(report).code();
        } catch (BenchException e) {
            throw HarnessException.environment(e.getMessage(), e);
        } finally {
            remove(folder);
        }
    }

    private Set<String> wanted() {
        Set<String> ids = new LinkedHashSet<>(clauses);
        try {
            ids.forEach(Catalogue.standard()::clause);
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        }
        return ids;
    }

    private List<RingKind> kinds() {
        if (rings.isEmpty()) {
            return List.of(RingKind.values());
        }
        List<RingKind> kinds = new ArrayList<>();
        for (String ring : rings) {
            kinds.add(Stream.of(RingKind.values())
                    .filter(kind -> kind.label().equals(ring))
                    .findFirst()
                    .orElseThrow(
                            () -> HarnessException.badInput("--ring: '" + ring + "' is neither split nor packed")));
        }
        return kinds;
    }

    private DeviceSource source(Path folder) {
        if (server != null) {
            try {
                return new ServerDevices(server, folder);
            } catch (IllegalArgumentException e) {
                throw HarnessException.badInput("--server: " + e.getMessage(), e);
            }
        }
        if (target.startsWith(VHOST_USER + ":")) {
            return new SocketServer(Path.of(target.substring(VHOST_USER.length() + 1)));
        }
        return switch (target) {
            case "mmio" -> OwnMachines.mmio(folder);
            case "pci" -> OwnMachines.pci(folder);
            case VHOST_USER -> {
                SERVER_LOG.setLevel(Level.OFF);
                yield new OwnExports(folder);
            }
            default ->
                throw HarnessException.badInput(
                        "--target: '" + target + "' is none of mmio, pci, vhost-user and vhost-user:SOCKET");
        };
    }

    private void progress(TestResult result) {
        if (result.verdict() == Verdict.FAIL) {
            spec.commandLine()
                    .getErr()
                    .println("FAIL %s (%s) %s: %s"
                            .formatted(
                                    String.join(" ", result.clauses()),
                                    result.ring().label(),
                                    result.name(),
                                    result.evidence()));
        }
    }

    private void print(ConformanceReport report, ReportFormat chosen) {
        PrintWriter out = spec.commandLine().getOut();
        if (output == null) {
            out.print(chosen.render(report));
        } else {
            write(output, chosen.render(report));
            out.println(report.summary());
        }
        out.flush();
    }

    private static ExitCode code(ConformanceReport report) {
        return switch (report.worst()) {
            case FAIL -> ExitCode.RUNS_FAILED;
            case DEVIATES -> ExitCode.DEVIATES;
            case PASS, SKIP -> ExitCode.OK;
        };
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw HarnessException.environment("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static Path makeFolder() {
        try {
            return Files.createTempDirectory("ringside");
        } catch (IOException e) {
            throw HarnessException.environment("cannot make a folder for temporary files: " + e.getMessage(), e);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.getLogger(ConformanceCommand.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "left behind: " + folder + " (" + e.getMessage() + ")");
        }
    }
}
