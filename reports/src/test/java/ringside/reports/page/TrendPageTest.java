package ringside.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.Interval;
import ringside.harness.trend.CellTrend;
import ringside.harness.trend.Trend;
import ringside.harness.trend.TrendChange;
import ringside.harness.trend.TrendPoint;
import ringside.reports.PageParts;
import ringside.reports.model.TrendModel;
import tools.jackson.databind.JsonNode;

class TrendPageTest {
    private static final int POINTS = 30;
    private static final int STEP = 20;
    private static final String HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";

    @Test
    void change_isTheVerdictWithItsCommits() {
        String html = page(trend("raw-iothread"), "https://git.example/r").html();

        assertThat(html).contains("IOPS regressed in 1 of 1 cells over 30 points", "class=\"verdict slower\"");
        assertThat(html)
                .contains("git log --oneline " + revision(STEP - 1).substring(0, 12) + ".."
                        + revision(STEP).substring(0, 12))
                .contains("href=\"https://git.example/r/commit/" + revision(STEP) + "\"")
                .contains("Between the two also changed host: kernel: 6.1 -&gt; 6.2");
    }

    @Test
    void noRepository_noLink() {
        assertThat(PageParts.withoutLibrary(page(trend("raw"), "").html())).doesNotContain("http://", "https://");
    }

    @Test
    void embeddedNumbers_equalTheTrend() {
        Trend trend = trend("raw");
        JsonNode data = PageParts.data(page(trend, "").html());

        for (int i = 0; i < POINTS; i++) {
            double value = trend.cells().getFirst().values().get(i);
            assertThat(data.at("/trends/0/cells/0/values/" + i).asDouble()).isEqualTo(value);
            assertThat(data.at("/tables/trend-iops-iops/rows/" + i + "/4").asDouble())
                    .isEqualTo(value);
        }
        assertThat(data.at("/trends/0/cells/0/changes/0/ratio").asDouble()).isEqualTo(0.9);
    }

    @Test
    void csv_namesTheChangeAtItsPoint() {
        String[] lines = page(trend("raw"), "").csv().split("\r\n");

        assertThat(lines).hasSize(1 + POINTS);
        assertThat(lines[STEP]).contains(",100000.0,");
        assertThat(lines[STEP + 1]).contains(",90000.0,\"regressed, confirmed\"");
    }

    @Test
    void hostileNames_stayText() {
        TrendPage page = page(trend(HOSTILE), "");

        assertThat(page.html()).doesNotContain("<script>alert", "<img src=x");
        assertThat(PageParts.inflated(page.html(), "plots")).doesNotContain("<script>alert");
        assertThat(page.markdown()).doesNotContain("<script>", "<img");
    }

    @Test
    void shortHistory_isToldThatItCannotFindAnything() {
        Trend trend = new Trend("s", "iops", "1/s", 0.01, 1, "a", "a", points().subList(0, 1), List.of(cell("c", 1)));

        assertThat(page(trend, "").html())
                .contains("A history of 1 points is too short", "No cell changed its level in any metric");
    }

    private static TrendPage page(Trend trend, String repository) {
        return new TrendPage(TrendModel.of(new ReportSubject.History(List.of(trend), repository)), () -> "");
    }

    private static Trend trend(String cell) {
        List<TrendPoint> points = points();
        TrendChange change = new TrendChange(
                cell,
                TrendChange.Kind.REGRESSED,
                true,
                0.9,
                new Interval(0.89, 0.91),
                points.get(STEP - 1).label(),
                points.get(STEP).label(),
                POINTS - STEP,
                12,
                0.1,
                Map.of("host: kernel", "6.1 -> 6.2"));
        CellTrend flat = cell(cell, POINTS);
        CellTrend changed = new CellTrend(
                cell, POINTS, flat.at(), flat.values(), List.of(100_000.0, 90_000.0), 0.01, 0, List.of(change));
        return new Trend("suite", "iops", "1/s", 0.01, POINTS, "first", "last", points, List.of(changed));
    }

    private static CellTrend cell(String name, int count) {
        List<Integer> at = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            at.add(i);
            values.add((i < STEP ? 100_000.0 : 90_000.0) + i);
        }
        return new CellTrend(name, count, at, values, List.of(100_000.0), 0.01, 0, List.of());
    }

    private static List<TrendPoint> points() {
        List<TrendPoint> points = new ArrayList<>();
        for (int i = 0; i < POINTS; i++) {
            points.add(new TrendPoint("r" + i, "folder" + i, revision(i), "2026-01-01T00:00:%02dZ".formatted(i)));
        }
        return points;
    }

    private static String revision(int i) {
        return "%040x".formatted(0x1234567890abcL + i * 104_729L * 16_777_216L);
    }
}
