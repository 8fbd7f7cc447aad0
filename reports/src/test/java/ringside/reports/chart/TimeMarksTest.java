package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.harness.results.RunEvent;
import ringside.harness.results.RunResult;
import ringside.harness.results.Series;
import ringside.harness.results.Steadiness;
import ringside.reports.Fixture;

class TimeMarksTest {
    private static final Series LINE = new Series("iops", "1/s", 100_000_000L, List.of(10.0, 20.0, 30.0));

    @Test
    void collectionAndLastLevel_areMarkedOnTheLine() {
        RunResult run = run(
                List.of(
                        new RunEvent("gc", 150_000_000L, 2_000_000L, "made up"),
                        new RunEvent("compilation", 160_000_000L, 1, "not marked"),
                        new RunEvent("safepoint", 900_000_000L, 1, "behind the measured phase")),
                new Steadiness(Steadiness.Shape.WARM_UP, 0.5, 0.4, 200_000_000L, ""));

        var trace = TimeMarks.of("iothread", 1, run, LINE).orElseThrow();

        assertThat(trace.get("x")).isEqualTo(List.of(0.15, 0.2));
        assertThat(trace.get("y")).isEqualTo(List.of(20.0, 30.0));
        assertThat(trace.get("customdata").toString())
                .contains("gc of 2 ms", "made up", "the last level begins (warm-up)");
    }

    @Test
    void quietRun_hasNoMarks() {
        assertThat(TimeMarks.of("iothread", 1, run(List.of(), Steadiness.UNKNOWN), LINE))
                .isEmpty();
    }

    private static RunResult run(List<RunEvent> events, Steadiness steadiness) {
        RunResult run = Fixture.quick().folder(Path.of("nowhere")).results().getFirst();
        return new RunResult(
                run.schemaVersion(),
                run.suite(),
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                run.status(),
                run.reason(),
                run.axes(),
                run.options(),
                run.metrics(),
                run.histograms(),
                run.series(),
                run.threadCpuNs(),
                run.checks(),
                run.jobs(),
                steadiness,
                events,
                run.command(),
                run.provenance());
    }
}
