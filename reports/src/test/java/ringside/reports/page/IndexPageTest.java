package ringside.reports.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;
import ringside.harness.results.RunStatus;
import ringside.reports.Fixture;
import ringside.reports.OnDisk;
import ringside.reports.PageParts;
import ringside.reports.model.IndexModel;
import tools.jackson.databind.JsonNode;

class IndexPageTest {
    @TempDir
    Path temp;

    @Test
    void everyFolder_isListedWithItsVerdict() throws IOException {
        OnDisk.write(Fixture.quick().samples(500).folder(temp.resolve("one")));
        OnDisk.write(Fixture.quick()
                .samples(500)
                .changed(run -> run.order() == 0 ? Fixture.with(run, RunStatus.FAILED, "gone") : run)
                .folder(temp.resolve("two")));
        Files.writeString(temp.resolve("one/report.html"), "");
        Files.writeString(temp.resolve("trend.html"), "");

        String html = page().html();

        assertThat(html).contains("href=\"one/report.html\"", "ringside report two", "href=\"trend.html\"");
        assertThat(html).contains("16 of 16 runs · 1 failed or invalid", "the IOPS of big-lock on raw");
        JsonNode entries = PageParts.data(html).get("entries");
        assertThat(entries.get(0).get("done").asInt()).isEqualTo(16);
        assertThat(entries.get(1).get("bad").asInt()).isEqualTo(1);
    }

    @Test
    void brokenFolder_isListedWithTheReason() throws IOException {
        OnDisk.write(Fixture.quick().samples(500).folder(temp.resolve("good")));
        Files.createDirectories(temp.resolve("bad"));
        Files.writeString(temp.resolve("bad/plan.json"), "{");

        assertThat(page().html()).contains("Folders that cannot be read", "not a Ringside Plan");
    }

    @Test
    void hostileFolderName_staysText() {
        String hostile = "<img src=x onerror=alert(1)>'\"&";
        OnDisk.write(Fixture.quick().samples(500).folder(temp.resolve(hostile)));

        assertThat(page().html()).doesNotContain("<img", "'\"&").contains("&lt;img src=x onerror=alert(1)&gt;");
        assertThat(page().markdown()).doesNotContain("<img");
    }

    @Test
    void emptyFolder_isRefusedInOneLine() {
        assertThatThrownBy(this::page)
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("holds no results folder: name a results folder");
    }

    private IndexPage page() {
        return new IndexPage(IndexModel.of(temp), false);
    }
}
