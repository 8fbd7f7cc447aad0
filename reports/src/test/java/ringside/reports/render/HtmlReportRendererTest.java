package ringside.reports.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.spi.Reference;
import ringside.harness.spi.ReportFormat;
import ringside.harness.spi.ReportRenderer;
import ringside.harness.spi.ReportSubject;
import ringside.reports.Fixture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportRendererTest {
    private static final Pattern PACKED = Pattern.compile(
            "<script type=\"application/gzip\" id=\"ringside-(data|plots)\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    Path temp;

    @Test
    void renderer_isFoundAsService() {
        assertThat(ServiceLoader.load(ReportRenderer.class).findFirst()).containsInstanceOf(HtmlReportRenderer.class);
    }

    @Test
    void quickFolder_hasSectionsInOrder() {
        String html = render(Fixture.quick().folder(temp));

        List<String> ids = Pattern.compile("<section id=\"([^\"]*)\"")
                .matcher(html)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(ids)
                .containsExactly(
                        "verdict",
                        "ratios",
                        "test-bed",
                        "method",
                        "varied",
                        "iops",
                        "latency",
                        "lock",
                        "cpu",
                        "stages",
                        "time",
                        "explore",
                        "conclusions",
                        "checks",
                        "provenance");
        assertThat(html).contains("ringside run fixture --cell iothread-null", "never with published absolute IOPS");
    }

    @Test
    void servers_areShownSideBySideCaseByCase() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("driver", List.of("raw", "null"));

        String html = render(
                Fixture.of(axes, 3).changed(HtmlReportRendererTest::ofServer).folder(temp));

        assertThat(html).contains("id=\"side-by-side\"", "1.25 µs", "35 µs", "figures are of servers on one host");
        assertThat(html).contains("<td>none</td>").contains("100 %");
    }

    /** The contender tells of its collector, the baseline is a program that does not. */
    private static RunResult ofServer(RunResult run) {
        run.metrics().put("server_cpu_per_io", new Metric(1250, "ns", Metric.Better.LOWER));
        run.metrics().put("lat_p99", new Metric(35_000, "ns", Metric.Better.LOWER));
        if (run.axes().get("threading").equals("iothread")) {
            run.metrics().put("server_gc_count", new Metric(0, "1", Metric.Better.LOWER));
        }
        return run;
    }

    @Test
    void sweptDisksAndSizes_haveTheirOwnCharts() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("disks", List.of("1", "4"));
        axes.put("bs", List.of("4k", "64k"));

        assertThat(render(Fixture.of(axes, 3).folder(temp)))
                .contains("id=\"by-disks\"", "id=\"by-bs\"", "plot_by_disks_1", "From disks 1 to 4 (bs 4k): big-lock");
    }

    @Test
    void tallFigures_scrollByThemselves() {
        assertThat(render(Fixture.sweep().folder(temp))).contains("<div class=\"tall\" tabindex=\"0\"");
        assertThat(render(Fixture.quick().folder(temp))).doesNotContain("class=\"tall\"");
    }

    @Test
    void publishedFigures_areDrawnOnlyWhenAskedFor() throws IOException {
        RunFolder folder = Fixture.quick().folder(temp);
        List<Reference> references =
                List.of(new Reference("<b>an old paper</b>", 147_000, "a <i>large</i> server", "a <u>journal</u>"));
        Path file = temp.resolve("asked.html");
        new HtmlReportRenderer().render(new ReportSubject.Results(folder, references), ReportFormat.HTML, file);
        String html = Files.readString(file);

        assertThat(html)
                .contains("[1] other system, other hardware: &lt;b&gt;an old paper&lt;/b&gt;")
                .contains("147000 IOPS, a &lt;i&gt;large&lt;/i&gt; server. Source: a &lt;u&gt;journal&lt;/u&gt;")
                .doesNotContain("<b>an old", "<i>large", "<u>journal");
        assertThat(inflated(html, "plots")).contains("\"x\":[147000.0,147000.0]");
        assertThat(render(folder)).doesNotContain("other hardware", "Sources of the published lines");
    }

    @Test
    void page_loadsNothing() {
        String html = render(Fixture.quick().folder(temp)).replaceAll("(?s)id=\"ringside-plotly\">.*?</script>", "");

        assertThat(html).doesNotContainPattern("(?i)\\b(src|href|action|data)\\s*=\\s*[\"']?\\s*(https?:)?//");
        assertThat(html).doesNotContain("https://", "http://", "@import");
        assertThat(html).contains("default-src 'none'", "connect-src 'none'");
    }

    @Test
    void embeddedNumbers_equalTheResultsExactly() {
        RunFolder folder = Fixture.quick().folder(temp);
        JsonNode embedded = embedded(render(folder));

        assertThat(embedded.get("runs").size()).isEqualTo(folder.results().size());
        for (int i = 0; i < folder.results().size(); i++) {
            RunResult run = folder.results().get(i);
            JsonNode shown = embedded.get("runs").get(i);
            assertThat(shown.get("cell").asString()).isEqualTo(run.cell());
            assertThat(shown.get("repetition").asInt()).isEqualTo(run.repetition());
            run.metrics()
                    .forEach((name, metric) -> assertThat(
                                    shown.get("metrics").get(name).asDouble())
                            .as(name)
                            .isEqualTo(metric.value()));
            assertThat(shown.at("/histograms/lat/percentiles/99.0").asLong())
                    .isEqualTo(run.histograms().get("lat").percentiles().get("99.0"));
        }
    }

    @Test
    void hostileLabel_staysText() {
        String hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("image", List.of(hostile, "plain"));

        String html = render(Fixture.of(axes, 3).folder(temp));

        assertThat(html)
                .doesNotContain("<script>alert", "<img src=x")
                .contains("&lt;/script&gt;&lt;script&gt;alert(1)");
        assertThat(inflated(html, "plots"))
                .contains("\\u0026lt;/script\\u0026gt;\\u0026lt;script\\u0026gt;alert(1)")
                .doesNotContain("<script", "</script");
        assertThat(embedded(html).toString()).contains("<script>alert(1)</script>");
        assertThat(count(html, "<script")).isEqualTo(count(html, "</script>"));
    }

    @Test
    void interruptedRun_saysSoAndShowsWhatIsThere() {
        String html = render(Fixture.quick().interruptedAfter(5).folder(temp));

        assertThat(html).contains("5 of 16 runs are finished", "too few runs to compare");
    }

    @Test
    void noResultAtAll_isAReport() {
        String html = render(Fixture.quick().interruptedAfter(0).folder(temp));

        assertThat(html).contains("No run has finished", "0 of 16 runs are finished");
    }

    @Test
    void invalidAndFailedRuns_areListedAndLeftOut() {
        RunFolder folder = Fixture.quick()
                .changed(run -> run.cell().equals("iothread-raw")
                        ? Fixture.with(run, RunStatus.INVALID, "Little's law is off by 40 %")
                        : run)
                .folder(temp);

        String html = render(folder);

        assertThat(html)
                .contains(
                        "4 runs are invalid and left out of every figure",
                        "raw, repetition 1: invalid",
                        "Little&#39;s law is off by 40 %",
                        "Too few runs to compare iothread with big-lock on raw");
        assertThat(inflated(html, "plots")).contains("no valid run: iothread");
    }

    @Test
    void oldReport_isReplacedWhole() throws IOException {
        Path file = temp.resolve("report.html");
        Files.writeString(file, "old");

        Path written = new HtmlReportRenderer().render(Fixture.quick().folder(temp), file);

        assertThat(written)
                .isEqualTo(file)
                .content()
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n");
        try (var files = Files.list(temp)) {
            assertThat(files).containsExactly(file);
        }
    }

    private String render(RunFolder folder) {
        try {
            return Files.readString(new HtmlReportRenderer().render(folder, temp.resolve("report.html")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode embedded(String html) {
        return JsonMapper.shared().readTree(inflated(html, "data"));
    }

    private static String inflated(String html, String part) {
        String packed = PACKED.matcher(html)
                .results()
                .filter(match -> match.group(1).equals(part))
                .findFirst()
                .orElseThrow()
                .group(2);
        try (InputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
