package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.Locale;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.run.SuiteProgress;

/** One line that rewrites itself on a terminal; elsewhere one plain line per finished run. */
final class ConsoleProgress implements SuiteProgress {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final boolean colours;
    private String current = "";
    private String observed = "";

    ConsoleProgress(PrintWriter out, PrintWriter err, boolean terminal, boolean colours) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colours = terminal && colours;
    }

    @Override
    public void note(String text) {
        clear();
        err.println("ringside: " + text);
    }

    @Override
    public void started(PlannedRun run, String label, int number, int planned) {
        current = "run " + number + "/" + planned + " " + label;
        observed = "";
        show(current + "  starting");
    }

    @Override
    public void progress(String phase, double iops, long leftNs) {
        show(current + "  " + Rates.format(iops) + " IOPS  " + phase.toLowerCase(Locale.ROOT) + "  "
                + Durations.format(leftNs) + " left"
                + (observed.isEmpty() ? "" : "  " + observed));
    }

    @Override
    public void waiting(long leftNs) {
        show(current + "  " + Durations.format(leftNs) + " left");
    }

    @Override
    public void observed(String text) {
        observed = text;
    }

    @Override
    public void finished(PlannedRun run, String label, RunResult result, int number, int planned) {
        clear();
        String text = "run " + number + "/" + planned + " " + label + " r" + run.repetition() + "  ";
        Metric iops = result.metrics().get("iops");
        String rate = iops == null ? "" : Rates.format(iops.value()) + " IOPS";
        out.println(text + rate + status(result));
        out.flush();
    }

    private String status(RunResult result) {
        if (result.status() == RunStatus.OK) {
            return result.disturbance().map(reason -> "  disturbed: " + reason).orElse("");
        }
        String word = colours
                ? "\u001b[31m" + result.status() + "\u001b[0m"
                : result.status().toString();
        return (result.metrics().isEmpty() ? "" : "  ") + word + ": " + result.reason();
    }

    private void show(String line) {
        if (terminal) {
            out.print(CLEAR_LINE + line);
            out.flush();
        }
    }

    private void clear() {
        if (terminal) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
