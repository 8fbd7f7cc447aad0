package ringside.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;
import ringside.reports.Fixture;
import ringside.reports.PageParts;
import ringside.reports.model.PairModel;
import tools.jackson.databind.JsonNode;

class PairPageTest {
    @TempDir
    Path temp;

    @Test
    void slowerCell_isTheVerdict() {
        PairPage page = page(slowerBy(0.7));

        String html = page.html();

        assertThat(html)
                .contains("class=\"verdict slower\"", "In IOPS, B regressed in 1 of 4 cells, most at iothread · raw");
        assertThat(html).contains("▼ regressed", "= same", "measured one after the other");
        assertThat(page.markdown()).contains("▼ regressed", "| iothread · raw |");
    }

    @Test
    void embeddedNumbers_equalTheComparisonAndTheFiles() {
        ReportSubject.Pair pair = pair(slowerBy(0.7));
        JsonNode data = PageParts.data(new PairPage(new PairModel(pair), () -> "").html());

        for (int cell = 0; cell < pair.comparisons().getFirst().cells().size(); cell++) {
            CellChange said = pair.comparisons().getFirst().cells().get(cell);
            JsonNode shown = data.at("/comparisons/0/cells/" + cell);
            assertThat(shown.get("cell").asString()).isEqualTo(said.cell());
            assertThat(shown.get("ratio").asDouble()).isEqualTo(said.ratio());
            assertThat(shown.at("/interval/low").asDouble())
                    .isEqualTo(said.interval().low());
            assertThat(shown.get("change").asString()).isEqualTo(said.change().name());
        }
        assertThat(data.at("/tables/runs-runs/rows").size())
                .isEqualTo(pair.a().folder().results().size()
                        + pair.b().folder().results().size());
        assertThat(data.at("/tables/runs-runs/rows/0/4").asDouble())
                .isEqualTo(pair.a()
                        .folder()
                        .results()
                        .getFirst()
                        .metrics()
                        .get("iops")
                        .value());
    }

    @Test
    void everyMetric_hasItsRatios() {
        String html = page(UnaryOperator.identity()).html();

        assertThat(html).contains("id=\"ratios-iops\"", "id=\"ratios-iops-per-cpu-second\"", "id=\"latency\"");
        assertThat(PageParts.inflated(html, "plots"))
                .contains("plot_ratio_iops", "plot_overlay_3")
                .doesNotContain("plot_overlay_4");
    }

    @Test
    void runThatFailed_isListedAndLeftOut() {
        String html = page(run -> run.repetition() == 1 ? Fixture.with(run, RunStatus.FAILED, "no <room> left") : run)
                .html();

        assertThat(html).contains("Runs that do not count", "no &lt;room&gt; left", "4 of 16 runs of B failed");
    }

    @Test
    void hostileNames_stayText() {
        String hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("image", List.of(hostile, "plain"));
        RunFolder folder = Fixture.of(axes, 3).samples(500).folder(temp);
        ReportSubject.Pair pair = pair(new ReportSubject.Side(hostile, folder), new ReportSubject.Side("B", folder));
        PairPage page = new PairPage(new PairModel(pair), () -> "");

        assertThat(page.html()).doesNotContain("<script>alert", "<img src=x");
        assertThat(PageParts.inflated(page.html(), "plots")).doesNotContain("<script>alert");
        assertThat(page.markdown()).doesNotContain("<script>", "<img");
    }

    @Test
    void ofManyCells_thoseThatChangedAreShownFirst() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("bs", IntStream.rangeClosed(1, 60).mapToObj(i -> i + "k").toList());
        Fixture fixture = Fixture.of(axes, 3).samples(20);
        ReportSubject.Pair pair = pair(
                new ReportSubject.Side("before", fixture.folder(temp.resolve("before"))),
                new ReportSubject.Side(
                        "after",
                        fixture.changed(run -> {
                                    if (run.cell().equals("iothread-60k")) {
                                        run.metrics()
                                                .computeIfPresent(
                                                        "iops",
                                                        (_, iops) ->
                                                                new Metric(iops.value() * 0.3, "1/s", iops.better()));
                                    }
                                    return run;
                                })
                                .folder(temp.resolve("after"))));
        PairPage page = new PairPage(new PairModel(pair), () -> "");

        assertThat(page.html())
                .containsPattern("the 100 that changed most of 120 cells[^§]*?<tbody>\\s*<tr><td>iothread · bs 60k")
                .contains("drawn are the 60 that changed most");
        assertThat(page.csv()).contains("big-lock-1k", "iothread-60k,regressed");
    }

    @Test
    void csv_hasALinePerCellAndMetric() {
        PairPage page = page(slowerBy(0.7));

        assertThat(page.csv().split("\r\n")).hasSize(1 + 2 * 4);
        assertThat(page.csv()).contains("iops,1/s,iothread-raw,regressed,0.");
    }

    private static UnaryOperator<RunResult> slowerBy(double ratio) {
        return run -> {
            if (run.cell().equals("iothread-raw")) {
                run.metrics()
                        .computeIfPresent("iops", (_, iops) -> new Metric(iops.value() * ratio, "1/s", iops.better()));
            }
            return run;
        };
    }

    private PairPage page(UnaryOperator<RunResult> change) {
        return new PairPage(new PairModel(pair(change)), () -> "");
    }

    private ReportSubject.Pair pair(UnaryOperator<RunResult> change) {
        return pair(
                new ReportSubject.Side("before", Fixture.quick().samples(500).folder(temp.resolve("before"))),
                new ReportSubject.Side(
                        "after", Fixture.quick().samples(500).changed(change).folder(temp.resolve("after"))));
    }

    private static ReportSubject.Pair pair(ReportSubject.Side a, ReportSubject.Side b) {
        Criteria criteria = new Criteria(0.15, 0.15, 0.05);
        List<FolderComparison> comparisons = List.of(
                FolderComparison.of(a.folder(), b.folder(), "iops", criteria),
                FolderComparison.of(a.folder(), b.folder(), "iops_per_cpu_second", criteria));
        assertThat(comparisons.getFirst().cells())
                .extracting(CellChange::change)
                .doesNotContain(Change.ONLY_IN_A);
        return new ReportSubject.Pair(a, b, comparisons);
    }
}
