package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.observe.HostFacts;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.run.Cancellation;
import ringside.harness.run.PastRuns;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunFolders;
import ringside.harness.run.RunRequest;
import ringside.harness.run.SuiteRun;
import ringside.harness.run.SuiteSummary;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cells;
import ringside.harness.sweep.Shard;

/** Runs a suite, or goes on with one. */
@Command(
        name = "run",
        description = {
            "Runs a suite: every cell in a JVM of its own, results in a folder, a report at the end.",
            "An image is opened read-only and never changed unless --allow-writes names it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside run quick",
            "  ringside run quick --image disk.raw --job docs/examples/randread.fio",
            "  ringside run whitepaper --image disk.raw --set disks=1,4 --set bs=4k --repeats 5",
            "  ringside run my-suite.yaml --dry-run",
            "  ringside run peers --peer spdk=/var/tmp/vhost.0",
            "  ringside run nightly.yaml --retry-disturbed 2",
            "  ringside run nightly.yaml --max-time 30m",
            "  ringside run quick --profile",
            "  ringside run --resume ringside-results/quick-20261122-120000"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:done, but some runs failed or are invalid; the report lists them",
            "2:the command line, the suite, the job or the image is wrong; nothing was run",
            "3:the host does not allow it: no room, no permission, folder in use",
            "70:an error of Ringside itself",
            "130:stopped by Ctrl-C; finished runs are kept, continue with --resume"
        })
final class RunCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private static final Path RESULTS = Path.of("ringside-results");

    private static final String PEER_AXIS = ringside.harness.suite.Option.PEER.label();

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SUITE",
            arity = "0..1",
            description = "A built-in suite (see: ringside suites) or a file.")
    private String reference;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "Raw image or block device, opened read-only; repeat it for one image per disk."
                    + " Without it, the job's filename= or a scratch image is used.")
    private List<Path> images = List.of();

    @Option(names = "--job", paramLabel = "FILE.fio", description = "fio job file instead of the suite's job.")
    private Path job;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Results folder (default: ringside-results/SUITE-DATE-TIME).")
    private Path out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            arity = "0..1",
            fallbackValue = "",
            description = "Go on with a folder: finished runs are not run again. DIR, or --out.")
    private String resume;

    @Option(names = "--repeats", paramLabel = "N", description = "Repetitions of each cell.")
    private Integer repeats;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the order and of the load.")
    private Long seed;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE[,VALUE...]",
            description = "Fix an option, or give an axis other values.")
    private List<String> settings = List.of();

    @Option(
            names = "--peer",
            paramLabel = "NAME=SOCKET",
            description = "One more peer in each case of a suite with peers: a vhost-user-blk server that already"
                    + " listens on SOCKET.")
    private List<String> peers = List.of();

    @Option(
            names = "--retry-disturbed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Repeat each run that the host disturbed up to N times, after all others (default: 0).")
    private int retryDisturbed;

    @Option(
            names = "--max-time",
            paramLabel = "DURATION",
            description = "When the planned repetitions are done before this time is over (for example 20m), repeat the"
                    + " cells whose intervals are widest until it is.")
    private String maxTime;

    @Option(
            names = "--shard",
            paramLabel = "N/COUNT",
            description = "Run only this share of the suite, for example 1/4; cells that are compared stay together."
                    + " ringside merge puts the folders together.")
    private String shard;

    @Option(
            names = "--profile",
            description = "At the end, run each cell once more under a profiler: a flame graph per cell in the folder"
                    + " profiles. Figures of these runs are no results.")
    private boolean profile;

    @Option(
            names = "--async-profiler",
            paramLabel = "LIB",
            description = "Profile with async-profiler's libasyncProfiler.so, which sees the kernel too, instead of the"
                    + " JVM's own sampler.")
    private Path asyncProfiler;

    @Option(names = "--dry-run", description = "Print the cells and the estimated time, run nothing.")
    private boolean dryRun;

    @Option(names = "--strict", description = "Refuse options of a job file that are not understood.")
    private boolean strict;

    @Option(
            names = "--allow-writes",
            paramLabel = "FILE",
            description = "Let jobs write to this image; its contents are lost.")
    private List<Path> allowWrites = List.of();

    @Option(names = "--no-report", description = "Write no report at the end.")
    private boolean noReport;

    @Override
    public Integer call() {
        if (asyncProfiler != null && !(profile && Files.isReadable(asyncProfiler))) {
            throw HarnessException.badInput(
                    profile
                            ? asyncProfiler + ": no such file: name async-profiler's libasyncProfiler.so"
                            : "--async-profiler says how to profile: add --profile");
        }
        if (retryDisturbed < 0) {
            throw HarnessException.badInput("--retry-disturbed must be at least 0, it is " + retryDisturbed);
        }
        takeResumeValue();
        PrintWriter console = spec.commandLine().getOut();
        if (resume != null && reference == null) {
            if (dryRun) {
                return remaining(RunFolders.resume(resumeFolder()), console);
            }
            return execute(RunFolders.resume(resumeFolder()), console);
        }
        PreparedSuite suite = PreparedSuite.of(request());
        Optional<PastRuns> past = past(suite);
        suite = past.map(suite::knowing).orElse(suite);
        if (dryRun && resume != null) {
            return remaining(RunFolders.resume(resumeFolder(), suite), console);
        }
        if (dryRun) {
            DryRun.print(console, suite, share(), past);
            return ExitCode.OK.code();
        }
        if (resume != null) {
            return execute(RunFolders.resume(resumeFolder(), suite), console);
        }
        String name = suite.request().suite().name();
        Path folder = out != null
                ? out
                : RESULTS.resolve(name + "-" + LocalDateTime.now().format(STAMP));
        return execute(RunFolders.begin(folder, suite, share()), console);
    }

    /** {@code --resume quick --out DIR}: the word after --resume is the suite, because the folder is given. */
    private void takeResumeValue() {
        if (resume != null && !resume.isEmpty() && out != null) {
            if (reference != null) {
                throw HarnessException.badInput("two folders to resume: give either --resume DIR or --out DIR");
            }
            reference = resume;
            resume = "";
        }
        if (resume == null && reference == null) {
            throw HarnessException.badInput("no suite named: use " + String.join(" or ", SuiteFile.BUILT_IN)
                    + ", a YAML file, or --resume DIR");
        }
        if (resume != null && reference == null && changesAnything()) {
            throw HarnessException.badInput(
                    "a folder is resumed as it was begun: leave --image, --job, --set, --peer, --repeats,"
                            + " --seed, --shard, --strict and --allow-writes away");
        }
    }

    private boolean changesAnything() {
        return !images.isEmpty()
                || job != null
                || !settings.isEmpty()
                || repeats != null
                || seed != null
                || strict
                || !peers.isEmpty()
                || shard != null
                || !allowWrites.isEmpty();
    }

    /** Where this run's folder would be, earlier ones of the suite may be. */
    private Optional<PastRuns> past(PreparedSuite suite) {
        Path parent = out == null ? RESULTS : out.toAbsolutePath().getParent();
        return PastRuns.in(parent, suite, HostFacts.collect());
    }

    private Shard share() {
        return shard == null ? Shard.ALL : Shard.parse(shard);
    }

    private Path resumeFolder() {
        if (!resume.isEmpty()) {
            return Path.of(resume);
        }
        if (out == null) {
            throw HarnessException.badInput("--resume needs a folder: --resume DIR");
        }
        return out;
    }

    private RunRequest request() {
        SuiteSpec suite = SuiteFile.load(reference);
        Cells.checkExclusions(suite);
        if (job != null) {
            suite = suite.withJobFile(job.toString());
        }
        for (String peer : peers) {
            suite = Peer.apply(suite, peer);
        }
        for (String setting : settings) {
            suite = Setting.apply(suite, setting);
        }
        if (repeats != null) {
            if (repeats < 1) {
                throw HarnessException.badInput("--repeats must be at least 1, it is " + repeats);
            }
            suite = suite.withRepeats(repeats);
        }
        if (seed != null) {
            suite = suite.withSeed(seed);
        }
        return new RunRequest(
                reference,
                suite,
                images,
                allowWrites,
                strict,
                List.copyOf(spec.commandLine().getParseResult().originalArgs()));
    }

    private static int remaining(RunFolders.Opened opened, PrintWriter console) {
        try (opened) {
            DryRun.printRemaining(console, opened.suite(), opened.store().remaining());
            return ExitCode.OK.code();
        }
    }

    private int execute(RunFolders.Opened opened, PrintWriter console) {
        try (opened) {
            Path folder = opened.store().directory();
            ConsoleProgress progress =
                    Terminal.progress(console, spec.commandLine().getErr());
            Cancellation cancellation = new Cancellation();
            long untilNs = untilNs(opened);
            try (ShutdownGuard guard = new ShutdownGuard(cancellation)) {
                SuiteSummary summary =
                        SuiteRun.execute(opened.store(), opened.suite(), progress, cancellation, retryDisturbed);
                if (maxTime != null && summary.complete()) {
                    summary = SuiteRun.spend(opened.store(), opened.suite(), progress, cancellation, untilNs);
                }
                peers(console, folder);
                if (profile && summary.complete()) {
                    SuiteRun.profile(
                            opened.store(), opened.suite(), progress, cancellation, Optional.ofNullable(asyncProfiler));
                }
                DisturbanceNote.print(console, "", ResultStore.load(folder).results());
                SteadinessNote.print(console, ResultStore.load(folder).results());
                conclude(console, folder, summary);
                guard.finished();
                return exitCode(summary, cancellation).code();
            }
        }
    }

    /** A budget that does not even do for what is planned is an error before the first run, not a surprise after it. */
    private long untilNs(RunFolders.Opened opened) {
        if (maxTime == null) {
            return 0;
        }
        long budgetNs = Durations.parseNs("--max-time", maxTime);
        long plannedNs = opened.suite().estimateNs(opened.store().remaining().size());
        if (budgetNs < plannedNs) {
            throw HarnessException.badInput("--max-time " + maxTime + " is less than what is planned, about "
                    + Durations.format(plannedNs) + ": give more time, or fewer --repeats");
        }
        return System.nanoTime() + budgetNs;
    }

    private static void peers(PrintWriter console, Path folder) {
        RunFolder finished = ResultStore.load(folder);
        if (finished.compared().axis().equals(PEER_AXIS) && !finished.results().isEmpty()) {
            PeerTable.print(console, finished.results(), finished.compared());
        }
    }

    private void conclude(PrintWriter console, Path folder, SuiteSummary summary) {
        console.println(summary.ok() + " of " + summary.planned() + " runs valid" + count(summary.invalid(), "invalid")
                + count(summary.missed(), "below their rate")
                + count(summary.failed(), "failed"));
        if (!summary.complete()) {
            console.println("not finished; continue with: ringside run --resume " + folder);
        }
        if (noReport) {
            console.println(folder);
            return;
        }
        Optional<Path> report = Reports.render(folder, folder.resolve("report.html"));
        console.println(report.map(Path::toString).orElse(Reports.MISSING));
    }

    private static String count(int number, String what) {
        return number == 0 ? "" : ", " + number + " " + what;
    }

    private static ExitCode exitCode(SuiteSummary summary, Cancellation cancellation) {
        if (cancellation.requested()) {
            return ExitCode.INTERRUPTED;
        }
        return summary.invalid() + summary.missed() + summary.failed() > 0 ? ExitCode.RUNS_FAILED : ExitCode.OK;
    }
}
