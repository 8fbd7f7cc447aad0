package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.reports.Fixture;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.ReportModel;

class IopsByAxisTest {
    @TempDir
    Path temp;

    @Test
    void cacheModes_areMarksWithEveryRunOfTheJson() {
        ReportModel model = ReportModel.of(Fixture.of(axes("cache", "none", "writeback", "unsafe"), 3)
                .changed(IopsByAxisTest::fasterUnsafe)
                .folder(temp));
        ChartBlock block = IopsByAxis.named("cache", "by cache").draw(model).orElseThrow();
        List<Map<String, Object>> traces = block.plots().getFirst().traces();

        assertThat(traces).extracting(trace -> trace.get("mode")).containsOnly("markers");
        assertThat(traces.get(0).get("y")).isEqualTo(runs(model, "big-lock"));
        assertThat(traces.get(1).get("y")).isEqualTo(medians(model, "big-lock"));
        assertThat(block.seen())
                .isEqualTo(
                        "In 2 rows of configurations that differ in cache alone, the highest is unsafe 2 times (2 clearly).");
    }

    @Test
    void rowsWithOneValue_areNotCounted() {
        ReportModel model = ReportModel.of(Fixture.of(axes("cache", "none", "writeback"), 3)
                .interruptedAfter(1)
                .folder(temp));

        assertThat(IopsByAxis.named("cache", "by cache").draw(model)).isEmpty();
        assertThat(new Ranking(List.of("none", "unsafe")).sentence("cache")).startsWith("Not enough configurations");
    }

    @Test
    void overlappingRanges_areNotClear() {
        Ranking ranking = new Ranking(List.of("raw", "qcow2"));
        Map<String, Cell> cells = ReportModel.of(Fixture.of(axes("driver", "raw", "qcow2"), 3)
                        .changed(run -> at(
                                run,
                                run.axes().get("driver").equals("raw")
                                        ? 100 + run.repetition()
                                        : 101 + run.repetition()))
                        .folder(temp))
                .cells()
                .stream()
                .collect(Collectors.toMap(cell -> cell.axes().get("driver"), cell -> cell, (a, _) -> a));

        ranking.add(value -> cells.get(value).estimate("iops"));

        assertThat(ranking.sentence("driver")).endsWith("the highest is qcow2 1 times (0 clearly).");
    }

    @Test
    void diskWithoutStorage_isNoFormat() {
        ReportModel one = ReportModel.of(Fixture.quick().folder(temp));
        ReportModel two = ReportModel.of(
                Fixture.of(axes("driver", "raw", "qcow2", "null"), 2).folder(temp));

        assertThat(IopsByAxis.named("driver", "by format").draw(one)).isEmpty();
        assertThat(IopsByAxis.named("driver", "by format").draw(two)).isPresent();
    }

    @Test
    void axesThatAdvanceTogether_makeOnePanel() {
        Map<String, List<String>> axes = axes("iothreads", "1", "2", "4");
        ReportModel model = ReportModel.of(Fixture.of(axes, 2)
                .changed(run -> {
                    run.axes().put("queues", run.axes().get("iothreads"));
                    return run;
                })
                .folder(temp));
        ChartBlock block =
                IopsByAxis.ordered("iothreads", "by IOThreads").draw(model).orElseThrow();

        assertThat(block.plots()).hasSize(1);
        assertThat(block.plots().getFirst().layout().get("xaxis").toString()).contains("4 · queues 4");
        assertThat(block.seen()).startsWith("From iothreads 1 to 4: big-lock ");
    }

    @Test
    void hoverText_hasEveryDigitAndTheCommand() {
        ReportModel model = ReportModel.of(Fixture.of(axes("cache", "none", "unsafe"), 1)
                .changed(run -> at(run, 1234567.0625))
                .folder(temp));
        ChartBlock block = IopsByAxis.named("cache", "by cache").draw(model).orElseThrow();

        assertThat(block.plots().getFirst().traces().get(1).get("customdata").toString())
                .contains(
                        "big-lock · none<br>median 1.23 M, exactly 1234567.0625 (IOPS)<br>",
                        "1 run<br>ringside run fixture --cell big-lock-none");
    }

    private static Map<String, List<String>> axes(String name, String... values) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put(name, List.of(values));
        return axes;
    }

    private static RunResult at(RunResult run, double iops) {
        run.metrics().put("iops", new Metric(iops, "1/s", Metric.Better.HIGHER));
        return run;
    }

    private static RunResult fasterUnsafe(RunResult run) {
        return run.axes().get("cache").equals("unsafe") ? at(run, 900_000 + run.order()) : run;
    }

    private static List<Double> runs(ReportModel model, String series) {
        return model.cells().stream()
                .filter(cell -> cell.axes().get("threading").equals(series))
                .flatMap(cell -> cell.runs().stream())
                .map(run -> run.metrics().get("iops").value())
                .toList();
    }

    private static List<Object> medians(ReportModel model, String series) {
        return model.cells().stream()
                .filter(cell -> cell.axes().get("threading").equals(series))
                .<Object>map(cell -> cell.estimate("iops").map(Estimate::median).orElseThrow())
                .toList();
    }
}
