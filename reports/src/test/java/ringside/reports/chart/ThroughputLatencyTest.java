package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.reports.Fixture;
import ringside.reports.model.ReportModel;

class ThroughputLatencyTest {
    @Test
    void saturatedDevice_hasItsKneeWhereIopsStopGrowing() {
        ChartBlock block = new ThroughputLatency().draw(model("iodepth")).orElseThrow();

        assertThat(block.seen()).isEqualTo("Knee: big-lock at iodepth 8; iothread at iodepth 8.");
        assertThat(block.plots()).hasSize(1);
        assertThat(block.plots().getFirst().traces()).hasSize(4);
        assertThat(block.tables().getFirst().rows())
                .hasSize(8)
                .contains(List.of("all runs", "iothread", "8", 8_000.0, 10_000.0, "knee"))
                .contains(List.of("all runs", "iothread", "32", 8_000.0, 40_000.0, ""));
    }

    @Test
    void moreDisks_areNotOnlyMoreLoad() {
        assertThat(new ThroughputLatency().draw(model("disks"))).isEmpty();
    }

    private static ReportModel model(String axis) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put(axis, List.of("1", "8", "16", "32"));
        return ReportModel.of(Fixture.of(axes, 3)
                .changed(run -> saturated(run, Integer.parseInt(run.axes().get(axis))))
                .folder(Path.of("nowhere")));
    }

    /** Up to a depth of 8 IOPS grow and latency hardly; behind it only latency. */
    private static RunResult saturated(RunResult run, int depth) {
        run.metrics().put("iops", new Metric(1000.0 * Math.min(8, depth), "1/s", Metric.Better.HIGHER));
        run.metrics().put("lat_p99", new Metric(1250.0 * Math.max(8, depth), "ns", Metric.Better.LOWER));
        return run;
    }
}
