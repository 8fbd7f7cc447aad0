package ringside.reports.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.RunFolder;
import ringside.reports.Fixture;

/** Opens pages in a browser without a network. */
class ChromiumTest {
    private static final long TIMEOUT_S = 120;

    @TempDir
    Path temp;

    private record Loaded(String dom, String log) {}

    @Test
    void page_drawsEveryPlotWithoutComplaint() {
        Loaded page = load(Fixture.quick().folder(temp));

        assertThat(page.log()).doesNotContain("CONSOLE");
        // the answer, IOPS, latency on two drivers, lock, CPU, stages, time on two drivers
        assertThat(page.dom()).contains("data-plots=\"9\"");
        assertThat(count(page.dom(), "class=\"main-svg\"")).isGreaterThanOrEqualTo(8);
        assertThat(page.dom()).contains("big-lock").doesNotContain("class=\"plot-wait\"");
    }

    @Test
    void hostileLabel_doesNotRun() {
        String hostile = "</script><script>document.title='owned'</script><img src=x onerror=document.title='owned'>";
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("image", List.of(hostile, "plain"));

        Loaded page = load(Fixture.of(axes, 3).folder(temp));

        assertThat(page.log()).doesNotContain("CONSOLE");
        assertThat(page.dom()).contains("data-plots=\"9\"").doesNotContain("<title>owned");
    }

    private Loaded load(RunFolder folder) {
        Optional<String> chromium = chromium();
        assumeTrue(chromium.isPresent(), "skipped: no chromium, chromium-browser or google-chrome on the PATH");
        Path html = new HtmlReportRenderer().render(folder, temp.resolve("report.html"));
        try {
            return run(chromium.orElseThrow(), html);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Loaded run(String chromium, Path html) throws IOException {
        Path dom = temp.resolve("dom.txt");
        Path log = temp.resolve("log.txt");
        List<String> command = new ArrayList<>(List.of(chromium, "--headless", "--no-sandbox", "--disable-gpu"));
        command.addAll(List.of("--no-first-run", "--disable-background-networking", "--disable-component-update"));
        command.addAll(List.of("--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr"));
        command.addAll(List.of("--user-data-dir=" + temp.resolve("profile"), "--window-size=1280,4000"));
        command.addAll(List.of(
                "--virtual-time-budget=20000", "--dump-dom", html.toUri().toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
                    .as("chromium ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
        return new Loaded(Files.readString(dom), Files.readString(log));
    }

    private static Optional<String> chromium() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
