package ringside.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.reports.Fixture;
import ringside.reports.model.HostBand;
import ringside.reports.model.HostBaseline;
import ringside.reports.model.ReportModel;

class HostShareTest {
    private static final Map<String, Double> IOPS =
            Map.of("big-lock", 20_000.0, "iothread", 50_000.0, "fio", 100_000.0, "fio-libaio", 80_000.0);

    @TempDir
    Path temp;

    @Test
    void share_isOfTheFastestFioAtTheSamePoint() {
        ReportModel model = model("big-lock", "iothread", "fio", "fio-libaio");
        List<HostBaseline> found = HostBaseline.of(model);

        assertThat(found).hasSize(4);
        for (HostBaseline one : found) {
            assertThat(one.host().axes())
                    .containsEntry("threading", "fio")
                    .containsEntry("bs", one.cell().axes().get("bs"));
            double expected = IOPS.get(one.cell().axes().get("threading")) / 100_000;
            assertThat(one.share().ratio()).isCloseTo(expected, within(1e-9));
        }
        ChartBlock block = new HostShare().draw(model).orElseThrow();
        assertThat(block.seen())
                .startsWith(
                        "Of 4 configurations with a host baseline: 2 configuration issue, 2 needs tuning, 0 between")
                .contains("with 50 %", "with 20 %");
        assertThat(block.tables().getFirst().rows().getFirst())
                .contains("fio · bs 4k", found.getFirst().share().ratio());
        assertThat(block.howToRead()).contains("other hardware", "LinuxCon 2012");
    }

    @Test
    void withoutFio_isNotDrawn() {
        assertThat(new HostShare().draw(model("big-lock", "iothread"))).isEmpty();
    }

    @Test
    void otherLoad_isNoBaseline() {
        ReportModel model = ReportModel.of(Fixture.of(axes("iothread", "fio"), 3)
                .changed(run -> {
                    RunResult made = made(run);
                    made.options().put("iodepth", run.axes().get("threading").equals("fio") ? "64" : "32");
                    return made;
                })
                .folder(temp));

        assertThat(HostBaseline.of(model)).isEmpty();
    }

    @Test
    void severalDisks_areAnotherLoad() {
        ReportModel model = ReportModel.of(Fixture.of(axes("iothread", "fio"), 3)
                .changed(run -> {
                    RunResult made = made(run);
                    made.options().put("disks", "2");
                    return made;
                })
                .folder(temp));

        assertThat(HostBaseline.of(model)).isEmpty();
    }

    @Test
    void bands_areThePublishedOnes() {
        assertThat(HostBand.of(0.299)).isEqualTo(HostBand.ISSUE);
        assertThat(HostBand.of(0.3)).isEqualTo(HostBand.TUNING);
        assertThat(HostBand.of(0.6)).isEqualTo(HostBand.BETWEEN);
        assertThat(HostBand.of(0.9)).isEqualTo(HostBand.TUNED);
    }

    private ReportModel model(String... values) {
        return ReportModel.of(
                Fixture.of(axes(values), 3).changed(HostShareTest::made).folder(temp));
    }

    private static Map<String, List<String>> axes(String... values) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of(values));
        axes.put("bs", List.of("4k", "8k"));
        return axes;
    }

    private static RunResult made(RunResult run) {
        String name = run.axes().get("threading");
        double noise = 1 + run.repetition() / 100.0; // the same for all of a repetition: pairs see through it
        run.metrics().put("iops", new Metric(IOPS.get(name) * noise, "1/s", Metric.Better.HIGHER));
        run.options().put("target", name.startsWith("fio") ? "fio" : "machine");
        run.options().put("disks", "1");
        return run;
    }
}
