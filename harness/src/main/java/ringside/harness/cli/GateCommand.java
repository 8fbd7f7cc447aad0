package ringside.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbPlan;
import ringside.harness.ab.AbSide;
import ringside.harness.gate.Baseline;
import ringside.harness.gate.BaselineFile;
import ringside.harness.gate.Difference;
import ringside.harness.gate.Gate;
import ringside.harness.gate.GateResult;
import ringside.harness.gate.Recording;
import ringside.harness.gate.Rules;
import ringside.harness.gate.RulesReader;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunStatus;

/** Records baselines and holds results against them. */
@Command(
        name = "gate",
        description = {
            "Holds results against a baseline, a small JSON file for git, by rules: which metrics of which cells may change by"
                    + " how much, and which limits hold in any case. Refuses results that cannot be compared with the"
                    + " baseline (other CPU, kernel, JVM, options), and says 'underpowered' instead of 'pass' where the runs"
                    + " could not have shown a change.",
            "A baseline of five sessions or more knows how much the host differs from one session to the next; with fewer,"
                    + " such a difference counts as a change, and only ringside ab, which measures in turns, is free of it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside gate results --record base.json          keep it in git",
            "  ringside gate results --record base.json --add    one more session",
            "  ringside gate results --baseline base.json        the rate of every cell",
            "  ringside gate results --baseline base.json --rules rules.yaml \\",
            "      --junit gate.xml --markdown \"$GITHUB_STEP_SUMMARY\"",
            "  ringside gate results --baseline base.json --allow kernel,jvm",
            "  ringside gate pairs --rules rules.yaml            a folder of ringside ab"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:pass, improved, or recorded",
            "1:the same, but some runs failed or are invalid",
            "2:the command line, the rules, the baseline or a folder is wrong",
            "5:something regressed, or a limit is broken",
            "6:undecided: too few runs for their scatter, or cells without results",
            "7:refused: the results cannot be compared with the baseline"
        })
final class GateCommand implements Callable<Integer> {
    private static final int MOST_SESSIONS = 20;
    private static final int ENOUGH_SESSIONS = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "RESULTS",
            description = "Results folders; several are sessions of one suite, made at several times. Or one folder of"
                    + " ringside ab.")
    private List<Path> folders;

    @Option(names = "--record", paramLabel = "FILE", description = "Write the results as a baseline; judge nothing.")
    private Path record;

    @Option(
            names = "--add",
            description = "With --record: keep the sessions that the file holds (the last " + MOST_SESSIONS + ").")
    private boolean add;

    @Option(names = "--baseline", paramLabel = "FILE", description = "The baseline to hold the results against.")
    private Optional<Path> baseline = Optional.empty();

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Rules in YAML, see docs/gate.md (default: the rate of every cell).")
    private Optional<Path> rules = Optional.empty();

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "Instead of rules: this metric of every cell (default: iops; of benchmarks: score).")
    private Optional<String> metric = Optional.empty();

    @Option(
            names = "--allow",
            paramLabel = "WHAT",
            split = ",",
            description =
                    "What may differ from the baseline: cpu, kernel, host, jvm, options, suite, all, or the name of a"
                            + " single fact or option; may be repeated.")
    private Set<String> allow = new LinkedHashSet<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "On standard output: text, markdown, json or junit (default: text).")
    private GateTable format;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write JUnit XML.")
    private Optional<Path> junit = Optional.empty();

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a summary for a pull request.")
    private Optional<Path> markdown = Optional.empty();

    @Override
    public Integer call() {
        if (folders.stream().anyMatch(AbPlan::isIn)) {
            return pairs(folders);
        }
        List<RunFolder> loaded = folders.stream().map(ResultStore::load).toList();
        notes(loaded);
        Baseline results = Recording.of(loaded);
        return record != null ? keep(results) : orRunsFailed(judge(results), loaded);
    }

    /** What is judged are valid runs; that others were not is no pass. */
    private int orRunsFailed(int code, List<RunFolder> loaded) {
        long all = loaded.stream().mapToLong(folder -> folder.results().size()).sum();
        long bad = loaded.stream()
                .flatMap(folder -> folder.results().stream())
                .filter(run -> run.status() != RunStatus.OK)
                .count();
        if (bad > 0) {
            spec.commandLine()
                    .getErr()
                    .println("ringside: " + bad + " of " + all + " runs failed or are invalid and do not count");
        }
        return bad > 0 && code == ExitCode.OK.code() ? ExitCode.RUNS_FAILED.code() : code;
    }

    private int pairs(List<Path> given) {
        if (given.size() > 1 || record != null || baseline.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "gate: a folder of ringside ab has its baseline in it: give it alone, without --record and --baseline");
        }
        RunFolder base = ResultStore.load(given.getFirst().resolve(AbSide.BASE));
        RunFolder head = ResultStore.load(given.getFirst().resolve(AbSide.HEAD));
        notes(List.of(base, head));
        Recording.Pairs pairs = Recording.ofPairs(base, head);
        return orRunsFailed(report(Gate.judge(asked(pairs.head()), pairs)), List.of(base, head));
    }

    private void notes(List<RunFolder> loaded) {
        for (RunFolder folder : loaded) {
            PrintWriter err = spec.commandLine().getErr();
            DisturbanceNote.print(err, "ringside: " + folder.directory() + ": ", folder.results());
            SteadinessNote.print(err, folder.results());
        }
    }

    private int keep(Baseline results) {
        if (baseline.isPresent() || rules.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "gate: --record judges nothing: leave --baseline and --rules out");
        }
        boolean join = add && Files.exists(record);
        Baseline kept = join ? joined(BaselineFile.read(record), results) : results;
        BaselineFile.write(record, kept);
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: %d cells, %d %s%n",
                        record,
                        kept.cells().size(),
                        kept.sessions().size(),
                        kept.sessions().size() == 1 ? "session" : "sessions");
        return ExitCode.OK.code();
    }

    private Baseline joined(Baseline old, Baseline results) {
        Optional<Difference> other = Gate.differences(old, results).stream()
                .filter(difference -> !difference.allowed(allow))
                .findFirst();
        if (other.isPresent()) {
            throw HarnessException.badInput(
                    record + " was made otherwise: " + other.get().text()
                            + ": record a new baseline without --add, or --allow "
                            + other.get().kind().label());
        }
        return old.plus(results, MOST_SESSIONS);
    }

    private int judge(Baseline results) {
        Optional<Baseline> was = baseline.map(BaselineFile::read);
        was.map(one -> one.sessions().size())
                .filter(sessions -> sessions < ENOUGH_SESSIONS)
                .ifPresent(this::fewSessions);
        return report(Gate.judge(asked(results), results, was, allow));
    }

    private void fewSessions(int sessions) {
        spec.commandLine()
                .getErr()
                .println("ringside: the baseline has " + sessions + (sessions == 1 ? " session" : " sessions")
                        + "; below " + ENOUGH_SESSIONS
                        + " it does not know how the host differs from one to the next, and such a difference counts as a"
                        + " change: add more with --record FILE --add");
    }

    private Rules asked(Baseline results) {
        if (rules.isPresent() && metric.isPresent()) {
            throw new ParameterException(spec.commandLine(), "gate: give --rules or --metric, not both");
        }
        return rules.map(RulesReader::read)
                .orElseGet(() -> Rules.standard(metric.orElseGet(
                        () -> DefaultMetric.of(results.metrics().keySet()))));
    }

    private int report(GateResult result) {
        format.print(result, spec.commandLine().getOut());
        junit.ifPresent(file -> write(file, GateTable.JUNIT.text(result)));
        markdown.ifPresent(file -> write(file, GateTable.MARKDOWN.text(result)));
        return code(result).code();
    }

    private static ExitCode code(GateResult result) {
        return switch (result.verdict()) {
            case PASS, IMPROVED, NEW -> ExitCode.OK;
            case UNDERPOWERED, MISSING -> ExitCode.UNDECIDED;
            case BROKEN, REGRESSED -> ExitCode.REGRESSED;
            case INCOMPATIBLE -> ExitCode.INCOMPATIBLE;
        };
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw HarnessException.environment("cannot write " + file + ": " + AtomicFiles.reason(e), e);
        }
    }
}
