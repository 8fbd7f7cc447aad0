package ringside.reports.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.spi.ReportFormat;
import ringside.harness.spi.ReportSubject;
import ringside.reports.Fixture;
import ringside.reports.model.Cell;
import ringside.reports.model.ReportModel;
import ringside.reports.print.Chromium;
import ringside.reports.print.Page;
import ringside.reports.render.HtmlReportRenderer;
import tools.jackson.databind.JsonNode;

/** Uses the section Explore as a reader does: chooses, clicks, follows links. */
class ExploreTest {
    private static final String FIGURES = "document.querySelectorAll('#explore svg.main-svg').length / 3";
    private static final String TRACES =
            "[].concat(...Array.from(document.querySelectorAll('#explore .js-plotly-plot'),"
                    + " div => div.data.filter(t => t.ids || t.z).map(trace => ({ids: trace.ids, y: trace.y, low: trace.error_y?.arrayminus, z: trace.z}))))";

    private static Chromium chromium;
    private static RunFolder folder;
    private static URI report;
    private static Page shared;

    @TempDir
    static Path temp;

    @BeforeAll
    static void start() {
        assumeTrue(Chromium.find().isPresent(), "skipped: no chromium or google-chrome on the PATH");
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "main-loop", "iothread"));
        axes.put("disks", List.of("1", "2", "4"));
        axes.put("image", List.of("raw", "<b>&qcow2</b>"));
        folder = Fixture.of(axes, 4)
                .samples(300)
                .changed(ExploreTest::oneInvalid)
                .folder(temp.resolve("three"));
        report = new HtmlReportRenderer()
                .render(new ReportSubject.Results(folder), ReportFormat.HTML, temp.resolve("three.html"))
                .toUri();
        chromium = Chromium.start();
        shared = chromium.page(1280, 900).open(report);
    }

    /** Without what would only give other sections more to draw. */
    private static RunResult oneInvalid(RunResult run) {
        run.histograms().keySet().retainAll(Set.of("lat"));
        run.metrics().keySet().retainAll(Set.of("iops", "bandwidth", "errors"));
        boolean invalid = List.copyOf(run.axes().values()).equals(List.of("iothread", "4", "raw"));
        return invalid ? Fixture.with(run, RunStatus.INVALID, "made up") : run;
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
        }
    }

    /** The page that all tests share, because a browser needs seconds to load one: a link is followed in it. */
    private static Page follow(String fragment) {
        shared.evaluate(
                "new Promise(done => { history.replaceState(null, '', '#'); addEventListener('hashchange', done,"
                        + " {once: true}); location.hash = '" + fragment + "'; }).then(() => 0)");
        return shared;
    }

    private static Page choose(Page page, String id, String value) {
        page.evaluate("(function (s) { s.focus(); s.value = '" + value + "'; s.dispatchEvent(new Event('change',"
                + " {bubbles: true})); })(document.getElementById('explore-" + id + "'))");
        return page;
    }

    private static Page openDetails(Page page, String selector) {
        boolean open = page.evaluate("document.querySelector('#explore " + selector + "').open")
                .asBoolean();
        return open ? page : page.click("#explore " + selector + " summary");
    }

    private static String text(Page page, String selector) {
        return page.evaluate("document.querySelector('" + selector + "').textContent")
                .asString();
    }

    private static String fragment(Page page) {
        return page.evaluate("decodeURIComponent(location.hash)").asString();
    }

    private static void assertQuiet(Page page) {
        assertThat(page.complaints()).isEmpty();
        assertThat(page.requests()).allMatch(url -> url.startsWith("file:///") || url.startsWith("data:"));
    }

    @Test
    void firstView_hasTheMediansAndRangesOfTheModel() {
        Page page = follow("#explore?");

        assertThat(page.evaluate(FIGURES).asInt()).isEqualTo(2);
        assertThat(text(page, "#explore-status"))
                .startsWith("IOPS of 17 of 18 configurations, medians")
                .contains("1 without a valid run");
        JsonNode traces = page.evaluate(TRACES);
        int seen = 0;
        for (JsonNode trace : traces) {
            for (int i = 0; i < trace.get("ids").size(); i++) {
                String key = trace.get("ids").get(i).asString("");
                if (!key.isEmpty()) {
                    Cell cell = cell(key);
                    double median = cell.estimate("iops").orElseThrow().median();
                    assertThat(trace.get("y").get(i).asDouble()).isEqualTo(median);
                    assertThat(trace.get("low").get(i).asDouble())
                            .isCloseTo(
                                    median
                                            - cell.estimate("iops")
                                                    .orElseThrow()
                                                    .interval()
                                                    .low(),
                                    within(1e-6 * median));
                    seen++;
                }
            }
        }
        assertThat(seen).isEqualTo(17);
        assertQuiet(page);
    }

    private static Cell cell(String key) {
        return ReportModel.of(folder).cells().stream()
                .filter(cell ->
                        key.equals("[\"" + String.join("\",\"", cell.axes().values()) + "\"]"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void axesChangedByKeysAndClicks_areInTheAddressAndTheLinkShowsTheSame() {
        Page page = follow("#explore?");
        page.evaluate("document.getElementById('explore-x').focus()");
        page.press("ArrowDown", 40);
        assertThat(fragment(page)).contains("x=image", "panels=disks");
        choose(page, "panels", "threading");
        assertThat(fragment(page)).contains("series=disks", "panels=threading");
        choose(page, "metric", "lat@p99");
        choose(page, "scale", "log");
        assertThat(page.evaluate(FIGURES).asInt()).isEqualTo(3);
        assertThat(page.evaluate("document.querySelector('#explore .js-plotly-plot').layout.yaxis.type")
                        .asString())
                .isEqualTo("log");
        String shown = page.evaluate("JSON.stringify(" + TRACES + ")").asString();
        String link =
                page.evaluate("document.getElementById('explore-link').hash").asString();
        assertThat(page.evaluate("location.hash").asString()).isEqualTo(link);

        Page other = chromium.page(1280, 900).open(URI.create(report + link));

        assertThat(other.evaluate("JSON.stringify(" + TRACES + ")").asString()).isEqualTo(shown);
        assertThat(other.evaluate("Math.abs(document.getElementById('explore').getBoundingClientRect().top) < 5")
                        .asBoolean())
                .isTrue();
        assertQuiet(page);
        assertQuiet(other);
    }

    @Test
    void pinnedConfiguration_makesEverythingARatioToIt() {
        Page page = follow("#explore?");
        openDetails(page, ".data").click("#explore-numbers [data-pin]");

        assertThat(fragment(page)).contains("b.threading=big-lock", "b.disks=1", "b.image=raw");
        assertThat(text(page, "#explore-baseline")).startsWith("Ratios to big-lock · disks 1 · raw:");
        double base = cell("[\"big-lock\",\"1\",\"raw\"]")
                .estimate("iops")
                .orElseThrow()
                .median();
        double iothread = cell("[\"iothread\",\"2\",\"raw\"]")
                .estimate("iops")
                .orElseThrow()
                .median();
        JsonNode ratio = page.evaluate(
                TRACES + ".flatMap(t => t.ids.map((id, i) => [id, t.y[i]])).find(p => p[0] && p[0].includes('iothread')"
                        + " && p[0].includes('2\",\"raw'))[1]");
        assertThat(ratio.asDouble()).isCloseTo(iothread / base, within(1e-12));

        page.click("#explore-unpin");
        assertThat(fragment(page)).isEqualTo("#explore");
        choose(page, "b0", "=iothread");
        assertThat(text(page, "#explore-baseline")).startsWith("Ratios to iothread with all else as in each point");
        assertThat(text(page, "#explore-status")).contains("2 without a counterpart in the baseline");
        assertQuiet(page);
    }

    @Test
    void filter_leavesOutWhatIsNotChecked() {
        Page page = follow("#explore?");
        openDetails(page, ".explore-filter").click("#explore-f2-1").click("#explore-f1-0");

        assertThat(fragment(page)).contains("f.disks=2", "f.disks=4", "f.image=raw");
        assertThat(page.evaluate(FIGURES).asInt()).isEqualTo(1);
        assertThat(text(page, "#explore-status")).startsWith("IOPS of 5 of 18 configurations");
        assertThat(page.evaluate("document.querySelectorAll('#explore-numbers tbody tr').length")
                        .asInt())
                .isEqualTo(6);
        page.click("#explore-f2-0");
        assertThat(page.evaluate("document.getElementById('explore-f2-0').checked")
                        .asBoolean())
                .as("the last value of an axis stays")
                .isTrue();
        page.click("#explore-legend [data-series=iothread]");
        assertThat(fragment(page)).contains("f.threading=big-lock", "f.threading=main-loop");
        assertThat(page.evaluate("document.activeElement.ariaPressed").asString())
                .isEqualTo("false");
        page.click("#explore-legend [data-series=iothread]");
        assertThat(fragment(page)).doesNotContain("f.threading");
        page.click("[data-all=disks]").click("[data-all=image]");
        assertThat(fragment(page)).isEqualTo("#explore");
        assertQuiet(page);
    }

    @Test
    void heatMapAndPivotTable_showEveryConfiguration() {
        Page page = follow("#explore?view=heat&b.threading=big-lock");
        assertThat(page.evaluate(FIGURES).asInt()).isEqualTo(2);
        assertThat(page.evaluate(TRACES + ".flatMap(t => t.z.flat()).filter(z => z !== null).length")
                        .asInt())
                .isEqualTo(17);
        assertThat(page.evaluate("document.getElementById('explore-scale-bar').hidden")
                        .asBoolean())
                .isFalse();

        choose(page, "view", "table");

        assertThat(page.evaluate("document.querySelectorAll('#explore-shown td.shaded').length")
                        .asInt())
                .isEqualTo(17);
        assertThat(page.evaluate("document.querySelectorAll('#explore-shown b').length")
                        .asInt())
                .as("text from data stays text")
                .isZero();
        assertQuiet(page);
    }

    @Test
    void parallelCoordinates_haveAPathForEveryConfigurationInOrderOfTheMetric() {
        Page page = follow("#explore?view=parallel");

        assertThat(page.evaluate(FIGURES).asInt()).isEqualTo(1);
        Map<String, Double> heights = new LinkedHashMap<>();
        for (JsonNode trace : page.evaluate(TRACES)) {
            for (int i = 0; i < trace.get("ids").size(); i++) {
                heights.put(
                        trace.get("ids").get(i).asString(),
                        trace.get("y").get(i).asDouble());
            }
        }
        assertThat(heights).hasSize(17);
        assertThat(heights.values())
                .allMatch(height -> height >= 0 && height <= 1)
                .contains(0.0, 1.0);
        List<Double> ordered = heights.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(entry ->
                        cell(entry.getKey()).estimate("iops").orElseThrow().median())
                .toList();
        assertThat(ordered).isSorted();
        assertQuiet(page);
    }

    @Test
    void clickOnAMark_showsItsRunsAndCommand() {
        Page page = follow("#explore?");
        page.click("#explore .js-plotly-plot .scatterlayer .trace:nth-child(2) .point");

        assertThat(text(page, "#explore-detail"))
                .contains("big-lock · disks 1 · raw: IOPS of 4 runs")
                .contains("ringside run fixture --cell");
        page.click("#explore-detail [data-pin]");
        assertThat(fragment(page)).contains("b.threading=big-lock", "b.disks=1", "b.image=raw");
        assertQuiet(page);
    }

    @Test
    void linkOfAnotherReport_isSaidAndShownAsFarAsItGoes() {
        Page page = follow("#explore?x=numa&metric=watts&f.disks=64&view=heat");

        assertThat(text(page, "#explore-unknown")).contains("x=numa", "metric=watts", "f.disks=64");
        assertThat(page.evaluate(FIGURES).asInt()).isEqualTo(2);
        page.evaluate("location.hash = '#explore?view=table'");
        page.await("document.getElementById('explore-unknown').hidden");
        assertThat(page.evaluate("document.querySelectorAll('#explore-shown table').length")
                        .asInt())
                .isEqualTo(1);
        assertQuiet(page);
    }

    @Test
    void csv_hasEveryDigitOfWhatIsShown() {
        Page page = follow("#explore?f.image=raw&b.threading=big-lock");
        page.evaluate("window.kept = ringside.saveCsv;"
                + " ringside.saveCsv = (name, head, rows) => { window.saved = {name, head, rows}; }");
        page.click("#explore-csv").evaluate("ringside.saveCsv = window.kept");

        JsonNode saved = page.evaluate("saved");
        assertThat(saved.get("name").asString()).isEqualTo("explore-iops");
        assertThat(saved.get("rows").size()).isEqualTo(9);
        assertThat(saved.get("head").get(3).asString()).isEqualTo("iops median (1/s)");
        assertThat(saved.get("rows").get(0).get(3).asDouble())
                .isEqualTo(cell("[\"big-lock\",\"1\",\"raw\"]")
                        .estimate("iops")
                        .orElseThrow()
                        .median());
        assertThat(saved.get("rows").get(0).get(7).asDouble()).isEqualTo(1);
    }

    @Test
    void phoneInTheDark_hasRoomForEverything() {
        try {
            Page page = follow("#explore?view=heat").size(390, 800).click("#theme");

            assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(390);
            assertThat(page.evaluate("document.documentElement.getAttribute('data-theme')")
                            .asString())
                    .isEqualTo("dark");
            assertThat(page.evaluate(FIGURES).asInt()).isEqualTo(2);
            assertQuiet(page);
        } finally {
            shared.size(1280, 900);
        }
    }

    @Test
    void everyControl_hasANameAndCanBeReachedByTheKeyboard() {
        Page page = follow("#explore?");

        assertThat(page.evaluate(
                                "Array.from(document.querySelectorAll('#explore select, #explore input, #explore button,"
                                        + " #explore summary, #explore a')).filter(e => e.tabIndex < 0 || !(e.ariaLabel || e.textContent.trim()"
                                        + " || Array.from(e.labels || []).some(l => l.textContent.trim()))).map(e => e.outerHTML)")
                        .toString())
                .isEqualTo("[]");
        assertThat(page.evaluate("Array.from(document.querySelectorAll('#explore select'))"
                                + ".every(s => s.labels[0].firstChild.textContent.trim() !== '')")
                        .asBoolean())
                .isTrue();
        assertThat(page.evaluate("new Set(Array.from(document.querySelectorAll('[id]'), e => e.id)).size"
                                + " === document.querySelectorAll('[id]').length")
                        .asBoolean())
                .as("ids are unique")
                .isTrue();
    }

    @Test
    void axisOfSomeConfigurationsOnly_hasAValueForTheOthers() {
        String cells = shared.evaluate("(function (m) { return m.axes.map(a => a.name + '=' + a.values).join(' ') + ' '"
                        + " + m.cells.map(c => c.runs.length + ':' + c.at.disks).join(' '); })(ringside.explore.data.model({"
                        + "axes: [{name: 'disks', values: ['2', '4']}, {name: 'one', values: ['1']}], commands: {}, metrics: {},"
                        + " compared: {axis: ''}, runs: [['a', {disks: '4', one: '1'}], ['b', {one: '1'}]].map(run =>"
                        + " ({cell: run[0], status: 'OK', axes: run[1], metrics: {}}))}))")
                .asString();

        assertThat(cells).isEqualTo("disks=,2,4 1: 1:4");
    }

    @Test
    void axisThatFollowsAnother_getsNoPanels() {
        String state = shared.evaluate("(function (x) { var m = x.data.model({metrics: {}, commands: {},"
                        + " compared: {axis: 'threading'}, axes: [['threading', 'a', 'b'], ['disks', '1', '2', '4'],"
                        + " ['iothreads', '1', '2', '4']].map(a => ({name: a[0], values: a.slice(1)})),"
                        + " runs: ['a', 'b'].flatMap(t => ['1', '2', '4'].map(n => ({cell: t + n, status: 'OK', metrics: {},"
                        + " axes: {threading: t, disks: n, iothreads: n}})))}); var s = x.state.initial(m);"
                        + " return [s.view, s.x, s.series, s.panels, x.data.rest(m, s, [s.x, s.series]).length,"
                        + " x.data.rest(m, Object.assign(s, {panels: 'iothreads'}), [s.x, s.series]).length].join(); })"
                        + "(ringside.explore)")
                .asString();

        assertThat(state).isEqualTo("lines,disks,threading,,0,1");
    }

    @Test
    void linkIsCopied() {
        Page page = follow("#explore?view=heat").click("#explore-copy");

        assertThat(text(page, "#explore-copy")).isEqualTo("Copied");
    }

    @Test
    void nothingVaried_hasNoSection() {
        ReportModel one = ReportModel.of(
                Fixture.of(Map.of("disks", List.of("1")), 3).samples(300).folder(temp.resolve("one")));

        assertThat(new ReportPage(one, "").html()).doesNotContain("id=\"explore\"", "ringside.explore");
    }
}
