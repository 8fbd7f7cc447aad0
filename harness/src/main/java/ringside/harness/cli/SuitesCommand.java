package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunRequest;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cells;

/** Lists and explains suites. */
@Command(
        name = "suites",
        description = "Lists the built-in suites, explains one, or prints its YAML to copy and change.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside suites",
            "  ringside suites whitepaper",
            "  ringside suites quick --yaml > my.yaml && ringside run my.yaml"
        })
final class SuitesCommand implements Callable<Integer> {
    private static final long NS_PER_S = 1_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A built-in suite or a YAML file.")
    private String name;

    @Option(names = "--yaml", description = "Print the YAML text of a built-in suite.")
    private boolean yaml;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            SuiteFile.BUILT_IN.forEach(builtIn -> list(out, builtIn));
            out.println("Explain one with: ringside suites NAME. Copy one with: ringside suites NAME --yaml > my.yaml");
        } else if (yaml) {
            out.print(SuiteFile.builtInText(name));
        } else {
            explain(out, SuiteFile.load(name));
        }
        out.flush();
        return ExitCode.OK.code();
    }

    private static void list(PrintWriter out, String builtIn) {
        SuiteSpec suite = SuiteFile.load(builtIn);
        out.printf("%-12s %s%n", builtIn, suite.title());
        out.printf("%-12s %s%n", "", size(suite));
    }

    private static void explain(PrintWriter out, SuiteSpec suite) {
        out.println(suite.name() + ": " + suite.title());
        if (!suite.description().isEmpty()) {
            out.println(suite.description());
        }
        out.println();
        for (Map.Entry<String, List<String>> axis : suite.axes().entrySet()) {
            out.println("  varies " + axis.getKey() + ": " + String.join(", ", axis.getValue()));
        }
        suite.settings().forEach((option, value) -> out.println("  fixed  " + option + ": " + value));
        suite.adjust().forEach(adjustment -> out.println("  where  " + adjustment.when() + " set " + adjustment.set()));
        out.println("  verdict: " + suite.compare().contender() + " against "
                + suite.compare().baseline() + " (" + suite.compare().axis() + ")");
        out.println("  " + size(suite));
    }

    private static String size(SuiteSpec suite) {
        int cells = Cells.of(suite).size();
        int runs = cells * suite.repeats();
        PreparedSuite prepared =
                PreparedSuite.of(new RunRequest(suite.name(), suite, List.of(), List.of(), false, List.of()));
        return cells + " cells x " + suite.repeats() + " = " + runs + " runs, about "
                + Durations.format(prepared.estimateNs(runs) / NS_PER_S * NS_PER_S);
    }
}
