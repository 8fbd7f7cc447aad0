package ringside.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.micro.BenchScript;
import ringside.harness.micro.MicroFolder;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.stats.Summary;

/** JMH benchmarks as results. */
@Command(
        name = "micro",
        description = {
            "Runs the repository's JMH benchmarks and keeps what they measured as a results folder, one run per fork, so that"
                    + " compare, gate and trend work on it (metric: score). JMH's own JSON stays in it as jmh.json.",
            "Without a pattern it lists the benchmarks. It needs a checkout; --from reads what JMH wrote anywhere."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside micro",
            "  ringside micro SplitVirtqueue --out before",
            "  ringside micro RingBenchmark -- -f 5 -p ring=split -prof gc",
            "  ringside micro --from jmh-result.json --out imported",
            "  ringside compare before after --metric score"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "2:the command line is wrong, or no benchmark matches",
            "3:the benchmarks do not compile, or one failed"
        })
final class MicroCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "PATTERN [-- JMH OPTION...]",
            hideParamSyntax = true,
            description = "Regular expression of benchmarks, and options of JMH behind two dashes.")
    private List<String> words = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Results folder (default: ringside-results/micro-DATE-TIME).")
    private Path out;

    @Option(names = "--from", paramLabel = "FILE", description = "Read a result of JMH (-rf json) and run nothing.")
    private Path from;

    @Override
    public Integer call() {
        if (from != null && !words.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "micro: --from runs nothing: leave the pattern out");
        }
        if (from != null) {
            print(MicroFolder.imported(from, folder(), arguments()));
            return ExitCode.OK.code();
        }
        BenchScript bench = new BenchScript(Path.of(System.getProperty("ringside.home", ".")));
        if (words.isEmpty()) {
            bench.list();
            return ExitCode.OK.code();
        }
        run(bench);
        return ExitCode.OK.code();
    }

    private void run(BenchScript bench) {
        refuse("-rf", "-rff", "-o");
        Map<String, String> host = MicroFolder.host();
        String startedAt = OffsetDateTime.now(ZoneOffset.UTC).toString();
        Path json = temporary();
        try {
            bench.run(words.getFirst(), json, words.subList(1, words.size()));
            print(MicroFolder.write(json, folder(), host, startedAt, arguments()));
        } finally {
            delete(json);
        }
    }

    private void refuse(String... options) {
        for (String option : options) {
            if (words.contains(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "micro: " + option + " of JMH is set here: leave it out, --out names the folder");
            }
        }
    }

    private Path folder() {
        return out != null
                ? out
                : Path.of("ringside-results", "micro-" + LocalDateTime.now().format(STAMP));
    }

    private List<String> arguments() {
        return List.copyOf(spec.commandLine().getParseResult().originalArgs());
    }

    private void print(RunFolder folder) {
        Map<String, List<RunResult>> cells = new LinkedHashMap<>();
        folder.results()
                .forEach(run -> cells.computeIfAbsent(run.cell(), _ -> new ArrayList<>())
                        .add(run));
        int width = cells.keySet().stream().mapToInt(String::length).max().orElse(0);
        PrintWriter console = spec.commandLine().getOut();
        cells.forEach((cell, runs) -> {
            double[] scores = runs.stream()
                    .map(run -> run.metrics().get("score"))
                    .filter(Objects::nonNull)
                    .mapToDouble(Metric::value)
                    .toArray();
            console.printf("%-" + width + "s %s%n", cell, scores.length == 0 ? "failed" : text(runs, scores));
        });
        console.println(folder.directory());
    }

    private static String text(List<RunResult> runs, double[] scores) {
        Summary summary = Summary.of(scores);
        return String.format(
                Locale.ROOT,
                "%.5g %s, %.5g to %.5g over %d forks",
                summary.median(),
                runs.getFirst().metrics().get("score").unit(),
                summary.min(),
                summary.max(),
                summary.n());
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("ringside-micro").resolve("jmh.json");
        } catch (IOException e) {
            throw HarnessException.environment("cannot create a temporary folder: " + AtomicFiles.reason(e), e);
        }
    }

    private static void delete(Path json) {
        try {
            Files.deleteIfExists(json);
            Files.deleteIfExists(json.getParent());
        } catch (IOException e) {
            throw HarnessException.environment("cannot remove " + json + ": " + AtomicFiles.reason(e), e);
        }
    }
}
