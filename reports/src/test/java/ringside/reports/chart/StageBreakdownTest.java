package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.HistogramData;
import ringside.harness.results.RunResult;
import ringside.reports.Fixture;
import ringside.reports.model.Cell;
import ringside.reports.model.ReportModel;

class StageBreakdownTest {
    @TempDir
    Path temp;

    @Test
    void stages_followEachOtherInARequestsOrder() {
        ChartBlock block = draw(Fixture.quick().changed(StageBreakdownTest::machineStages));
        List<Map<String, Object>> traces = block.plots().getFirst().traces();

        assertThat(traces).extracting(trace -> trace.get("name")).containsExactly("slat", "wake", "host", "lock wait");
        for (int stage = 1; stage < 3; stage++) {
            List<Double> begins = numbers(traces.get(stage), "base");
            for (int row = 0; row < begins.size(); row++) {
                double end = numbers(traces.get(stage - 1), "base").get(row)
                        + numbers(traces.get(stage - 1), "x").get(row);
                assertThat(begins.get(row)).isCloseTo(end, within(1e-9));
            }
        }
    }

    @Test
    void lockWait_isWaitingTimeByRequestOfTheResults() {
        ReportModel model = ReportModel.of(Fixture.quick().folder(temp));
        Map<String, Object> lock = new StageBreakdown()
                .draw(model)
                .orElseThrow()
                .plots()
                .getFirst()
                .traces()
                .getLast();

        for (int row = 0; row < model.cells().size(); row++) {
            Cell cell = model.cells().get(row);
            double wait = 0;
            double requests = 0;
            for (RunResult run : cell.runs()) {
                HistogramData found = run.histograms().get("lock_wait");
                wait += found == null ? 0 : found.mean() * found.count();
                requests += run.metrics().get("ios").value();
            }
            assertThat(numbers(lock, "x").get(row)).isCloseTo(wait / requests / 1000, within(1e-9));
            assertThat(wait > 0).isEqualTo(cell.axes().get("threading").equals("big-lock"));
        }
    }

    @Test
    void nobodyWaited_hasNoLockBar() {
        ChartBlock block = draw(Fixture.quick().changed(run -> {
            run.histograms().remove("lock_wait");
            return run;
        }));

        assertThat(block.plots().getFirst().traces())
                .extracting(trace -> trace.get("name"))
                .doesNotContain("lock wait");
        assertThat(block.howToRead()).doesNotContain("big lock");
        assertThat(block.seen()).doesNotContain("big lock per");
    }

    private ChartBlock draw(Fixture fixture) {
        return new StageBreakdown().draw(ReportModel.of(fixture.folder(temp))).orElseThrow();
    }

    /** As a machine names them, in alphabetical order. */
    private static RunResult machineStages(RunResult run) {
        Map<String, HistogramData> made = new LinkedHashMap<>();
        run.histograms().keySet().stream()
                .filter(name -> name.startsWith("stage."))
                .toList()
                .forEach(name -> {
                    made.put(name, run.histograms().remove(name));
                });
        run.histograms().put("stage.host", made.get("stage.kick"));
        run.histograms().put("stage.slat", made.get("stage.queue"));
        run.histograms().put("stage.wake", made.get("stage.backend"));
        return run;
    }

    @SuppressWarnings("unchecked")
    private static List<Double> numbers(Map<String, Object> trace, String key) {
        return (List<Double>) trace.get(key);
    }
}
