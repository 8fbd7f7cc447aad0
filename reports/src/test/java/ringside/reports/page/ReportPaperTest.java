package ringside.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.reports.Fixture;
import ringside.reports.chart.DataTable;
import ringside.reports.model.ReportModel;

class ReportPaperTest {
    @TempDir
    Path temp;

    private static ReportPaper paper(RunFolder folder) {
        return new ReportPaper(ReportModel.of(folder), () -> {
            throw new AssertionError("only a page with figures needs the plot library");
        });
    }

    @Test
    void csv_hasEveryRunWithEveryMetricExactly() {
        RunFolder folder = Fixture.quick().samples(500).folder(temp);

        DataTable table = paper(folder).numbers();

        assertThat(table.rows()).hasSize(folder.results().size());
        for (int i = 0; i < table.rows().size(); i++) {
            RunResult run = folder.results().get(i);
            List<Object> row = table.rows().get(i);
            assertThat(row.get(table.head().indexOf("cell"))).isEqualTo(run.cell());
            assertThat(row.get(table.head().indexOf("axis driver")))
                    .isEqualTo(run.axes().get("driver"));
            run.metrics()
                    .forEach((name, metric) -> assertThat(
                                    row.get(table.head().indexOf(name + " (" + metric.unit() + ")")))
                            .isEqualTo(metric.value()));
        }
    }

    @Test
    void csv_quotesAndKeepsFormulasText() {
        RunFolder folder = Fixture.of(Map.of("image", List.of("=cmd|' /C calc'!A0", "a \"b\", c")), 1)
                .samples(500)
                .folder(temp);

        assertThat(paper(folder).csv()).contains(",'=cmd|' /C calc'!A0,", ",\"a \"\"b\"\", c\",");
    }

    @Test
    void markdown_hasVerdictConfigurationsAndWhatFailed() {
        RunFolder folder = Fixture.quick()
                .samples(500)
                .changed(run -> run.order() == 0 ? Fixture.with(run, RunStatus.FAILED, "gone") : run)
                .folder(temp);

        String text = paper(folder).markdown();

        assertThat(text)
                .startsWith("# Made-up results for tests\n")
                .contains("**iothread is ", "- 1 run is failed and left out", "## Conclusions")
                .contains("| threading | driver | IOPS |", "| 3 of 4 |", "| kernel | 6.0-fixture |");
    }
}
