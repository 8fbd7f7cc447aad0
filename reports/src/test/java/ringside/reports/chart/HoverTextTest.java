package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Metric;
import ringside.reports.Fixture;
import ringside.reports.model.Cell;
import ringside.reports.model.ReportModel;

class HoverTextTest {
    @TempDir
    Path temp;

    @Test
    void everyFigureOfConfigurations_namesTheCommandOfEach() {
        ReportModel model = model("iodepth", "1", "4", "16");

        for (Chart chart : List.of(
                new IopsByConfiguration(),
                new ThroughputLatency(),
                new PercentileCurves(),
                new IopsPerCpuSecond(),
                new StageBreakdown(),
                new IopsOverTime())) {
            String drawn = chart.draw(model).orElseThrow().plots().toString();
            for (Cell cell : model.cells()) {
                assertThat(drawn)
                        .as(chart.getClass().getSimpleName())
                        .contains(cell.runs().getFirst().command());
            }
        }
    }

    @Test
    void scaling_hasTheRunsBehindTheirMediansAndTheCommands() {
        ReportModel model = model("disks", "1", "2", "4", "8");
        List<Map<String, Object>> traces =
                new ScalingChart().draw(model).orElseThrow().plots().getFirst().traces();

        List<Object> runs = new ArrayList<>();
        model.cells().stream()
                .filter(cell -> cell.axes().get("threading").equals("big-lock"))
                .forEach(cell -> cell.runs()
                        .forEach(run -> runs.add(run.metrics().get("iops").value())));
        assertThat(traces.getFirst().get("y").toString().split(",")).hasSameSizeAs(runs);
        runs.forEach(run -> assertThat(traces.getFirst().get("y").toString()).contains(run.toString()));
        assertThat(traces.get(1).get("customdata").toString()).contains("ringside run fixture --cell big-lock-8");
    }

    @Test
    void manyCells_leaveDigitsAndCommandsToTheTables() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i <= 100; i++) {
            values.add(String.valueOf(i));
        }
        ReportModel model = model("bs", values.toArray(String[]::new));

        assertThat(model.cells()).hasSizeGreaterThan(200);
        assertThat(HoverText.command(model, model.cells().getFirst())).isEmpty();
        assertThat(HoverText.exactly(model, 1.25, "ns")).isEmpty();
    }

    @Test
    void hostileCommand_isEscapedAndKeptFromTheTemplate() {
        Map<String, Object> trace = ChartStyle.scatter("a", 0, "lines");
        ChartStyle.command(trace, 0, "\nringside --set x='%{x}<b>'");

        assertThat(trace).containsEntry("hovertemplate", "%{customdata}%{meta.command}<extra></extra>");
        assertThat(trace.get("meta")).isEqualTo(Map.of("series", 0, "command", "<br>ringside --set x='%{x}&lt;b&gt;'"));
    }

    @Test
    void exactNumbers_haveNoExponent() {
        assertThat(HoverText.exact(1.5e10)).isEqualTo("15000000000");
        assertThat(HoverText.exact(104233.5)).isEqualTo("104233.5");
        assertThat(HoverText.exact(Double.NaN)).isEqualTo("none");
    }

    private ReportModel model(String axis, String... values) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put(axis, List.of(values));
        return ReportModel.of(Fixture.of(axes, 2)
                .samples(200)
                .changed(run -> {
                    run.metrics().put("lat_p99", new Metric(1000 + run.order(), "ns", Metric.Better.LOWER));
                    return run;
                })
                .folder(temp));
    }
}
