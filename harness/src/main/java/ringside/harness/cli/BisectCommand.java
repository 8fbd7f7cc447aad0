package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.ab.RevisionBuilds;
import ringside.harness.bisect.BisectRun;
import ringside.harness.bisect.Commits;
import ringside.harness.run.Cancellation;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunRequest;
import ringside.harness.run.SuiteProgress;
import ringside.harness.stats.Criteria;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cell;
import ringside.harness.sweep.Cells;

/** Finds the commit at which a cell became slower. */
@Command(
        name = "bisect",
        description = {
            "Finds the commit at which a cell became slower. Commits between a good and a bad one are built, and measured"
                    + " against the good one in pairs, as ringside ab does; where the pairs do not tell, more are made.",
            "A commit that does not build or run is passed over. The same command with the same --out goes on."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside bisect --good v1.2 --suite quick --cell iothread_raw",
            "  ringside bisect --good HEAD~20 --bad HEAD~3 --suite nightly.yaml \\",
            "      --cell iothread_null --pairs 20 --metric lat_p99 --out search"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:found",
            "2:the command line, the suite, the cell or a revision is wrong",
            "3:the host does not allow it",
            "6:undecided: the bad commit is not slower, or several commits are left",
            "130:stopped by Ctrl-C; go on with the same command"
        })
final class BisectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--good", paramLabel = "REV", required = true, description = "A commit that is fast enough.")
    private String good;

    @Option(
            names = "--bad",
            paramLabel = "REV",
            defaultValue = "HEAD",
            description = "A later commit that is too slow (default: HEAD).")
    private String bad;

    @Option(
            names = "--suite",
            paramLabel = "SUITE",
            required = true,
            description = "A built-in suite (see: ringside suites) or a file.")
    private String reference;

    @Option(
            names = "--cell",
            paramLabel = "CELL",
            description = "Id of the cell, as in ringside compare; may be left out for a suite of one cell.")
    private String cellId;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            defaultValue = "iops",
            description = "Metric of the results (default: iops).")
    private String metric;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Pairs of the first look at a commit (default: 10).")
    private int pairs;

    @Option(
            names = "--max-pairs",
            paramLabel = "N",
            defaultValue = "40",
            description = "Most pairs of one commit; they are doubled until they tell (default: 40).")
    private int mostPairs;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE[,VALUE...]",
            description = "Fix an option, or give an axis other values.")
    private List<String> settings = List.of();

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "Raw image or block device, opened read-only; repeat it for one image per disk.")
    private List<Path> images = List.of();

    @Option(names = "--job", paramLabel = "FILE.fio", description = "fio job file instead of the suite's job.")
    private Path job;

    @Option(
            names = "--min-effect",
            paramLabel = "PERCENT",
            defaultValue = "3%",
            description = "Change between good and bad that is to be found (default: 3%%).")
    private String minEffect;

    @Option(
            names = "--alpha",
            paramLabel = "PERCENT",
            defaultValue = "0.4%",
            description = "Chance of a false alarm in one look at a commit (default: 0.4%%).")
    private String alpha;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of all pairs (default: ringside-results/bisect-GOOD-BAD-CELL).")
    private Path out;

    @Option(
            names = "--repository",
            paramLabel = "DIR",
            description = "Git checkout that has the revisions (default: the one of this program).")
    private Path repository;

    @Option(
            names = "--builds",
            paramLabel = "DIR",
            description = "Where builds of revisions are kept (default: ringside/builds in the user's cache folder).")
    private Path builds;

    @Override
    public Integer call() {
        if (pairs < 3 || mostPairs < pairs) {
            throw HarnessException.badInput("--pairs must be at least 3 and --max-pairs at least as many, they are "
                    + pairs + " and " + mostPairs);
        }
        Path checkout = repository == null ? Path.of(System.getProperty("ringside.home", ".")) : repository;
        PrintWriter err = spec.commandLine().getErr();
        RevisionBuilds revisions = new RevisionBuilds(
                checkout,
                builds == null ? RevisionBuilds.defaultCache() : builds,
                note -> err.println("ringside: " + note));
        String goodCommit = revisions.commit(good);
        String badCommit = revisions.commit(bad);
        PreparedSuite suite = PreparedSuite.of(request());
        Cell cell = chosen(suite);
        BisectRun.Request asked = new BisectRun.Request(
                goodCommit,
                badCommit,
                only(suite.request(), cell),
                cell.id(),
                metric,
                pairs,
                mostPairs,
                new Criteria(
                        Percentages.share("--min-effect", minEffect), tolerance(), Percentages.share("--alpha", alpha)),
                out != null ? out : folder(goodCommit, badCommit, cell));
        return search(asked, checkout, revisions);
    }

    /** Of the change to be found a third is no change: nearer to it, such changes would be missed. */
    private double tolerance() {
        return Percentages.share("--min-effect", minEffect) / 3;
    }

    private static Path folder(String good, String bad, Cell cell) {
        return Path.of(
                "ringside-results", "bisect-" + good.substring(0, 8) + "-" + bad.substring(0, 8) + "-" + cell.id());
    }

    private RunRequest request() {
        SuiteSpec suite = SuiteFile.load(reference);
        Cells.checkExclusions(suite);
        if (job != null) {
            suite = suite.withJobFile(job.toString());
        }
        for (String setting : settings) {
            suite = Setting.apply(suite, setting);
        }
        return new RunRequest(
                reference,
                suite,
                images,
                List.of(),
                false,
                List.copyOf(spec.commandLine().getParseResult().originalArgs()));
    }

    private Cell chosen(PreparedSuite suite) {
        List<Cell> cells = suite.runnable();
        if (cellId == null && cells.size() == 1) {
            return cells.getFirst();
        }
        return cells.stream()
                .filter(cell -> cell.id().equals(cellId))
                .findFirst()
                .orElseThrow(() -> HarnessException.badInput((cellId == null
                                ? "the suite has several cells: name one with --cell, "
                                : "--cell " + cellId + ": there is no such cell here: use one of ")
                        + String.join(", ", cells.stream().map(Cell::id).toList())));
    }

    private static RunRequest only(RunRequest all, Cell cell) {
        SuiteSpec suite = all.suite();
        for (Map.Entry<String, String> axis : cell.axes().entrySet()) {
            suite = suite.with(axis.getKey(), List.of(axis.getValue()));
        }
        return new RunRequest(all.reference(), suite, all.images(), all.allowWrites(), all.strict(), all.commandLine());
    }

    private int search(BisectRun.Request asked, Path checkout, RevisionBuilds revisions) {
        PrintWriter console = spec.commandLine().getOut();
        Heard heard =
                new Heard(console, Terminal.progress(console, spec.commandLine().getErr()), new Cancellation());
        try (ShutdownGuard guard = new ShutdownGuard(heard.cancellation())) {
            BisectRun.Found found = BisectRun.search(asked, checkout, revisions, heard);
            conclude(console, asked, found, new Commits(checkout));
            guard.finished();
            if (found.stopped()) {
                return ExitCode.INTERRUPTED.code();
            }
            return (found.regressed() && found.suspects().size() == 1 ? ExitCode.OK : ExitCode.UNDECIDED).code();
        }
    }

    private void conclude(PrintWriter console, BisectRun.Request asked, BisectRun.Found found, Commits commits) {
        if (found.stopped()) {
            console.println("stopped; the same command with --out " + asked.out() + " goes on");
        } else if (!found.regressed()) {
            console.println("nothing to find: " + found.whole().change().label() + " in " + asked.cell()
                    + (found.whole().runsNeeded() > found.whole().runsA()
                            ? ", " + found.whole().runsNeeded() + " pairs would tell: raise --max-pairs"
                            : ""));
        } else if (found.suspects().size() == 1) {
            console.println(
                    "first bad commit: " + commits.describe(found.suspects().getFirst()));
        } else {
            console.println("the first bad commit is one of:");
            found.suspects().forEach(commit -> console.println("  " + commits.describe(commit)));
        }
        console.println("pairs in " + asked.out());
    }

    /** Where the search is heard. */
    private record Heard(PrintWriter console, SuiteProgress progress, Cancellation cancellation)
            implements BisectRun.Listener {
        @Override
        public void note(String line) {
            console.println(line);
            console.flush();
        }
    }
}
