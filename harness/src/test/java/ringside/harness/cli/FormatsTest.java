package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Results;
import ringside.harness.results.RunStatus;

class FormatsTest {
    private static final PlannedRun RUN = new PlannedRun(6, "c", 1, 1, Map.of());

    private final StringWriter out = new StringWriter();

    @Test
    void rate_hasThreeDigits() {
        assertThat(Rates.format(812_345)).isEqualTo("812k");
        assertThat(Rates.format(1_254_000)).isEqualTo("1.25M");
        assertThat(Rates.format(12.34)).isEqualTo("12.3");
    }

    @Test
    void duration_isRounded() {
        assertThat(Durations.format(64_600_000_000L)).isEqualTo("1:05");
        assertThat(Durations.format(3_723_000_000_000L)).isEqualTo("1:02:03");
    }

    @Test
    void terminal_rewritesOneLine() {
        ConsoleProgress progress = progress(true, true);
        progress.started(RUN, "big-lock disks=2", 7, 24);
        progress.progress("MEASURE", 812_345, 31_000_000_000L);

        assertThat(out.toString()).endsWith("\r\u001b[Krun 7/24 big-lock disks=2  812k IOPS  measure  0:31 left");
    }

    @Test
    void withoutTerminal_thereIsOnePlainLinePerRun() {
        ConsoleProgress progress = progress(false, true);
        progress.started(RUN, "big-lock", 7, 24);
        progress.progress("MEASURE", 812_345, 31_000_000_000L);
        progress.finished(RUN, "big-lock", Results.ok(RUN, 812_345), 7, 24);

        assertThat(out.toString()).isEqualTo("run 7/24 big-lock r1  812k IOPS" + System.lineSeparator());
    }

    @Test
    void failedRun_isColouredOnlyWhereColoursAreWanted() {
        progress(true, false).finished(RUN, "x", Results.result(RUN, RunStatus.FAILED, Map.of()), 7, 24);
        assertThat(out.toString()).contains("FAILED: because").doesNotContain("[31m");

        progress(true, true)
                .finished(
                        RUN,
                        "x",
                        Results.result(
                                RUN, RunStatus.INVALID, Map.of("iops", new Metric(1, "1/s", Metric.Better.HIGHER))),
                        7,
                        24);
        assertThat(out.toString()).contains("[31mINVALID");
    }

    private ConsoleProgress progress(boolean terminal, boolean colours) {
        return new ConsoleProgress(new PrintWriter(out, true), new PrintWriter(out, true), terminal, colours);
    }
}
