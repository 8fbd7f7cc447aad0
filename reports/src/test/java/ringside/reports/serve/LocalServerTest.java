package ringside.reports.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.spi.PairSource;
import ringside.harness.spi.ReportServer;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;
import ringside.reports.Fixture;
import ringside.reports.OnDisk;
import ringside.reports.print.Chromium;
import ringside.reports.print.Page;
import ringside.reports.render.HtmlReportRenderer;

class LocalServerTest {
    @TempDir
    Path temp;

    /** As a browser sends it, with a Host header of choice: the JDK's client does not let one choose. */
    private static List<String> get(ReportServer server, String request, String host) {
        URI address = server.address();
        try (Socket socket = new Socket(InetAddress.getByName(address.getHost()), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String get(ReportServer server, String path) {
        return String.join("\n", get(server, "GET " + path, "127.0.0.1"));
    }

    private static ReportServer serve(Path folder) {
        return new HtmlReportRenderer().serve(folder, 0, new Pairs());
    }

    private record Pairs() implements PairSource {
        @Override
        public ReportSubject.Pair pair(Path a, Path b) {
            RunFolder one = ResultStore.load(a);
            RunFolder other = ResultStore.load(b);
            return new ReportSubject.Pair(
                    new ReportSubject.Side("one", one),
                    new ReportSubject.Side("other", other),
                    List.of(FolderComparison.of(one, other, "iops", new Criteria(0.05, 0.05, 0.05))));
        }

        @Override
        public ReportSubject.Pair pairs(Path folder) {
            throw HarnessException.badInput("no pairs here");
        }
    }

    @Test
    void otherHostsAndMethods_areRefused() {
        try (ReportServer server = serve(OnDisk.write(small().folder(temp.resolve("r"))))) {
            assertThat(get(server, "GET /", "evil.example").getFirst()).contains("403");
            assertThat(get(server, "POST /", "127.0.0.1").getFirst()).contains("405");
            assertThat(get(server, "HEAD /", "localhost").getFirst()).contains("200");
            assertThat(server.address().getHost()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void index_leadsToFoldersAndComparisons_andNowhereElse() throws IOException {
        OnDisk.write(small().folder(temp.resolve("all/one")));
        OnDisk.write(small().folder(temp.resolve("all/two")));
        Files.writeString(temp.resolve("secret.html"), "secret");
        Files.createSymbolicLink(temp.resolve("all/one/link.html"), temp.resolve("secret.html"));
        Files.writeString(temp.resolve("all/one/own.html"), "own");

        try (ReportServer server = serve(temp.resolve("all"))) {
            assertThat(get(server, "/")).contains("href=\"one/\"", "connect-src 'self'");
            assertThat(get(server, "/two/")).contains("Made-up results for tests");
            assertThat(get(server, "/compare?a=one&b=two")).contains("other against one");
            assertThat(get(server, "/compare?a=one&b=..")).contains("404");
            assertThat(get(server, "/one/own.html")).endsWith("own");
            for (String path : List.of(
                    "/../secret.html",
                    "/one/../../secret.html",
                    "/one/link.html",
                    "/%2e%2e/",
                    "/x/",
                    "/one/plan.json",
                    "/one/%2e%2e/%2e%2e/secret.html")) {
                assertThat(get(server, path))
                        .as(path)
                        .contains("404")
                        .doesNotContain("secret\n")
                        .doesNotEndWith("secret");
            }
        }
    }

    @Test
    void takenPort_isSaidInOneLine() {
        Path folder = OnDisk.write(small().folder(temp.resolve("r")));
        try (ReportServer server = serve(folder)) {
            assertThatThrownBy(() -> new HtmlReportRenderer()
                            .serve(folder, server.address().getPort(), new Pairs()))
                    .isInstanceOf(HarnessException.class)
                    .hasMessageContaining("choose another --port");
        }
    }

    @Test
    void folderWithoutResults_isRefused() {
        assertThatThrownBy(() -> serve(temp))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("holds no results");
    }

    @Test
    void finishedRun_appearsInTheOpenPage() {
        assumeTrue(Chromium.find().isPresent(), "skipped: no chromium or google-chrome on the PATH");
        RunFolder folder = small().folder(temp.resolve("live"));
        Path directory = OnDisk.begin(folder);
        List<RunResult> runs = folder.results();
        runs.subList(0, 4).forEach(run -> OnDisk.add(directory, run));

        try (ReportServer server = serve(directory);
                Chromium chromium = Chromium.start()) {
            Page page = chromium.page(1280, 900).open(server.address());
            assertThat(page.evaluate("document.querySelector('.sub').textContent")
                            .asString())
                    .endsWith("4 of 16 runs");
            page.evaluate("document.querySelector('#iops details.data').open = true");
            page.click("#iops .legend button");
            page.click("#explore .explore-filter summary").click("#explore-f1-1");

            runs.subList(4, 16).forEach(run -> OnDisk.add(directory, run));
            page.await("document.querySelector('.sub').textContent.endsWith('16 of 16 runs')"
                    + " && document.documentElement.hasAttribute('data-version')");

            assertThat(page.evaluate("document.querySelector('#iops details.data').open")
                            .asBoolean())
                    .isTrue();
            assertThat(page.evaluate("document.querySelector('#iops .legend button').ariaPressed")
                            .asString())
                    .isEqualTo("false");
            assertThat(page.evaluate("document.querySelectorAll('#iops svg.main-svg').length")
                            .asInt())
                    .isPositive();
            assertThat(page.evaluate("ringside.data.then(function (d) { return d.runs.length; })")
                            .asInt())
                    .isEqualTo(16);
            page.await("document.getElementById('explore-status').textContent.startsWith('IOPS of 2 of 4')");
            assertThat(page.evaluate("document.getElementById('explore-filter').open")
                            .asBoolean())
                    .isTrue();
            assertThat(page.evaluate("document.activeElement.id").asString()).isEqualTo("explore-f1-1");
            assertThat(page.evaluate("location.hash").asString()).isEqualTo("#explore?f.driver=raw");
            assertThat(page.complaints()).isEmpty();
            assertThat(page.requests())
                    .allMatch(url -> url.startsWith(server.address().toString()) || url.startsWith("data:"));
        }
    }

    private static Fixture small() {
        return Fixture.quick().samples(500);
    }
}
