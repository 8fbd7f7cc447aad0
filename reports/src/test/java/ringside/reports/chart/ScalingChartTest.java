package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.reports.Fixture;
import ringside.reports.model.ReportModel;

class ScalingChartTest {
    @TempDir
    Path folder;

    private static Map<String, List<String>> axes(String... disks) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("disks", List.of(disks));
        return axes;
    }

    @Test
    void axisWithSixLevels_hasMarksCurvesAndATableOfTheLaw() {
        ReportModel model = ReportModel.of(
                Fixture.of(axes("1", "2", "4", "8", "16", "32"), 2).folder(folder));

        ChartBlock block = new ScalingChart().draw(model).orElseThrow();

        assertThat(block.title()).isEqualTo("Scaling by disks");
        assertThat(block.plots()).hasSize(1);
        assertThat(block.plots().getFirst().traces())
                .extracting(trace -> trace.get("mode"))
                .contains("markers", "lines");
        assertThat(block.seen()).contains("big-lock: contention ").contains("iothread: contention ");
        DataTable table = block.tables().getFirst();
        assertThat(table.rows()).hasSize(2).allSatisfy(row -> assertThat(row).hasSameSizeAs(table.head()));
    }

    @Test
    void fewLevels_haveNoCurve() {
        ReportModel model = ReportModel.of(Fixture.of(axes("1", "2", "4"), 3).folder(folder));

        assertThat(new ScalingChart().draw(model)).isEmpty();
    }
}
