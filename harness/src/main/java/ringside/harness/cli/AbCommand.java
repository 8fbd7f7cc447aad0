package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbFolder;
import ringside.harness.ab.AbPlan;
import ringside.harness.ab.AbRun;
import ringside.harness.ab.AbSide;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.run.Cancellation;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunRequest;
import ringside.harness.stats.Change;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cells;

/** Measures two revisions, distributions or sets of options against each other in pairs of runs. */
@Command(
        name = "ab",
        description = {
            "Measures head against base in pairs of runs, one right after the other, in turns who goes first, and says",
            "of each cell whether head passes, regressed, improved, or whether more pairs are needed to tell.",
            "A revision is built in a checkout of its own; without --head, head is this program as it is."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside ab --base HEAD~1 --suite quick",
            "  ringside ab --base v1.2 --head my-branch --suite nightly.yaml --pairs 20",
            "  ringside ab --suite quick --base-set poll-max-ns=0 --head-set poll-max-ns=32768",
            "  ringside ab --base-dir ringside-1.2 --head-dir ringside-1.3 --suite quick",
            "  ringside ab --resume ringside-results/ab-quick-20261123-120000"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no cell regressed",
            "1:no cell regressed, but some runs failed or are invalid",
            "2:the command line, the suite or a revision is wrong",
            "3:the host does not allow it, or a revision does not build",
            "5:a cell regressed",
            "130:stopped by Ctrl-C; finished pairs are kept, continue with --resume"
        })
final class AbCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private CommandSpec spec;

    @Mixin
    private AbSideOptions sides;

    @Option(names = "--suite", paramLabel = "SUITE", description = "A built-in suite (see: ringside suites) or a file.")
    private String reference;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Pairs of each cell (default: 10). 20 find 3%% where pairs scatter by 2%%.")
    private int pairs;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE[,VALUE...]",
            description = "Fix an option of both sides, or give an axis other values.")
    private List<String> settings = List.of();

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "Raw image or block device, opened read-only; repeat it for one image per disk.")
    private List<Path> images = List.of();

    @Option(
            names = "--allow-writes",
            paramLabel = "FILE",
            description = "Let jobs write to this image; its contents are lost.")
    private List<Path> allowWrites = List.of();

    @Option(names = "--job", paramLabel = "FILE.fio", description = "fio job file instead of the suite's job.")
    private Path job;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the order and of the load.")
    private Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the pairs (default: ringside-results/ab-SUITE-DATE-TIME).")
    private Path out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "Go on with a folder as it was begun; finished pairs are not made again.")
    private Path resume;

    @Option(
            names = "--retry-disturbed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Make each pair that the host disturbed again up to N times, after all others (default: 0).")
    private int retryDisturbed;

    @Option(names = "--dry-run", description = "Print what would be compared and the estimated time, run nothing.")
    private boolean dryRun;

    @Mixin
    private JudgeOptions judge;

    @Override
    public Integer call() {
        Criteria criteria = judge.criteria();
        if (retryDisturbed < 0) {
            throw HarnessException.badInput("--retry-disturbed must be at least 0, it is " + retryDisturbed);
        }
        if (resume != null) {
            if (reference != null || sides.given() || !settings.isEmpty() || out != null) {
                throw HarnessException.badInput(
                        "a folder is resumed as it was begun: give --resume DIR and how to judge, nothing else");
            }
            return execute(AbFolder.resume(resume), criteria);
        }
        PreparedSuite suite = PreparedSuite.of(request());
        PrintWriter err = spec.commandLine().getErr();
        if (dryRun) {
            sides.check(suite.request().suite());
            return dryRun(suite);
        }
        AbPlan plan = sides.plan(suite.request().suite(), note -> err.println("ringside: " + note));
        Path folder = out != null
                ? out
                : Path.of(
                        "ringside-results",
                        "ab-" + suite.request().suite().name() + "-"
                                + LocalDateTime.now().format(STAMP));
        return execute(AbFolder.begin(folder, suite, plan), criteria);
    }

    private RunRequest request() {
        if (reference == null) {
            throw HarnessException.badInput("no suite named: use --suite with "
                    + String.join(" or ", SuiteFile.BUILT_IN) + " or a YAML file, or --resume DIR");
        }
        if (pairs < 1) {
            throw HarnessException.badInput("--pairs must be at least 1, it is " + pairs);
        }
        SuiteSpec suite = SuiteFile.load(reference);
        Cells.checkExclusions(suite);
        if (job != null) {
            suite = suite.withJobFile(job.toString());
        }
        for (String setting : settings) {
            suite = Setting.apply(suite, setting);
        }
        suite = suite.withRepeats(pairs);
        if (seed != null) {
            suite = suite.withSeed(seed);
        }
        return new RunRequest(
                reference,
                suite,
                images,
                allowWrites,
                false,
                List.copyOf(spec.commandLine().getParseResult().originalArgs()));
    }

    private int dryRun(PreparedSuite suite) {
        PrintWriter console = spec.commandLine().getOut();
        suite.runnable().forEach(cell -> console.println(cell.id()));
        int runs = 2 * pairs * suite.runnable().size();
        console.println(suite.runnable().size() + " cells x " + pairs + " pairs = " + runs + " runs, about "
                + Durations.format(suite.estimateNs(runs)));
        return ExitCode.OK.code();
    }

    private int execute(AbFolder opened, Criteria criteria) {
        try (opened) {
            PrintWriter console = spec.commandLine().getOut();
            ConsoleProgress progress =
                    Terminal.progress(console, spec.commandLine().getErr());
            Cancellation cancellation = new Cancellation();
            try (ShutdownGuard guard = new ShutdownGuard(cancellation)) {
                AbRun.Progress made = AbRun.execute(opened, progress, cancellation, retryDisturbed);
                boolean regressed = conclude(console, opened, made, criteria);
                guard.finished();
                if (cancellation.requested()) {
                    return ExitCode.INTERRUPTED.code();
                }
                ExitCode otherwise = made.bad() > 0 ? ExitCode.RUNS_FAILED : ExitCode.OK;
                return (regressed ? ExitCode.REGRESSED : otherwise).code();
            }
        }
    }

    /** Says what the pairs tell so far; returns whether a cell regressed. */
    private boolean conclude(PrintWriter console, AbFolder opened, AbRun.Progress made, Criteria criteria) {
        AbPlan plan = opened.plan();
        PrintWriter err = spec.commandLine().getErr();
        if (made.bad() > 0) {
            err.println("ringside: " + made.bad() + " of " + made.finished()
                    + " runs failed or are invalid and do not count");
        }
        if (!made.complete()) {
            err.println("ringside: not finished; continue with: ringside ab --resume " + opened.directory());
        }
        RunFolder base = ResultStore.load(opened.base().store().directory());
        RunFolder head = ResultStore.load(opened.head().store().directory());
        if (base.results().isEmpty() || head.results().isEmpty()) {
            return false;
        }
        judge.heading(
                console,
                "A is " + AbSide.BASE + ", " + plan.base().label() + "; B is " + AbSide.HEAD + ", "
                        + plan.head().label());
        boolean regressed = false;
        for (String metric : judge.metrics()) {
            FolderComparison comparison = FolderComparison.paired(base, head, metric, criteria);
            judge.print(comparison, console);
            judge.verdict(comparison, console);
            regressed |= comparison.count(Change.REGRESSED) > 0;
        }
        DisturbanceNote.print(err, "ringside: " + AbSide.BASE + ": ", base.results());
        DisturbanceNote.print(err, "ringside: " + AbSide.HEAD + ": ", head.results());
        err.println("ringside: pairs in " + opened.directory() + "; as a page: ringside report " + opened.directory());
        return regressed;
    }
}
