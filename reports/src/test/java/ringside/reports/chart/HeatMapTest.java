package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.reports.Fixture;
import ringside.reports.model.Comparisons;
import ringside.reports.model.Estimate;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

class HeatMapTest {
    @TempDir
    Path temp;

    @Test
    void twoOrderedAxes_haveAFieldPerConfigurationAndTheRatioOfTheVerdict() {
        ReportModel model = model(List.of("1", "4"), List.of("4k", "8k", "64k"));
        List<Plot> plots = new HeatMap().draw(model).orElseThrow().plots();

        assertThat(plots)
                .extracting(Plot::title)
                .containsExactly("IOPS, big-lock", "IOPS, iothread", "iothread / big-lock");
        for (int series = 0; series < 2; series++) {
            List<Object> shown = new ArrayList<>();
            rows(plots.get(series)).forEach(shown::addAll);
            List<Object> expected = new ArrayList<>();
            for (Point point : model.points()) {
                expected.add(model.cell(point, model.series().get(series))
                        .flatMap(cell -> cell.estimate("iops"))
                        .map(Estimate::median)
                        .orElseThrow());
            }
            assertThat(shown).isEqualTo(expected);
        }
        List<Object> ratios = new ArrayList<>();
        rows(plots.get(2)).forEach(ratios::addAll);
        List<Object> expected = new ArrayList<>();
        Comparisons.asked(model).values().forEach(found -> expected.add(Math.log10(found.ratio())));
        assertThat(ratios).isEqualTo(expected);
    }

    @Test
    void suiteWithoutTheComparedPair_hasNoRatio() {
        Map<String, List<String>> axes = axes(List.of("1", "4"), List.of("4k", "8k", "64k"));
        axes.put("threading", List.of("main-loop"));

        ChartBlock block = new HeatMap()
                .draw(ReportModel.of(Fixture.of(axes, 3).folder(temp)))
                .orElseThrow();

        assertThat(block.plots()).hasSize(1);
        assertThat(block.seen()).startsWith("Highest: ");
    }

    @Test
    void fieldWithoutAValidRun_isEmpty() {
        ReportModel model = ReportModel.of(Fixture.of(axes(List.of("1", "4"), List.of("4k", "8k", "64k")), 1)
                .interruptedAfter(11)
                .folder(temp));

        assertThat(rows(new HeatMap().draw(model).orElseThrow().plots().get(1))
                        .getLast()
                        .getLast())
                .isNull();
    }

    @Test
    void namesOrAThirdAxis_haveNoHeatMap() {
        assertThat(new HeatMap().draw(model(List.of("1", "4"), List.of("none", "unsafe", "writeback"))))
                .isEmpty();
        assertThat(new HeatMap().draw(ReportModel.of(Fixture.sweep().folder(temp))))
                .isPresent();
        assertThat(new HeatMap().draw(ReportModel.of(Fixture.quick().folder(temp))))
                .isEqualTo(Optional.empty());
    }

    private ReportModel model(List<String> disks, List<String> other) {
        return ReportModel.of(Fixture.of(axes(disks, other), 3).folder(temp));
    }

    private static Map<String, List<String>> axes(List<String> disks, List<String> other) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("disks", disks);
        axes.put("bs", other);
        return axes;
    }

    @SuppressWarnings("unchecked")
    private static List<List<Object>> rows(Plot plot) {
        return (List<List<Object>>) plot.traces().getFirst().get("z");
    }
}
