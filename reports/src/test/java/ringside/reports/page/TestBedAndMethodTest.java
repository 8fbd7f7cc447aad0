package ringside.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.reports.Fixture;
import ringside.reports.model.ReportModel;

class TestBedAndMethodTest {
    @TempDir
    Path temp;

    @Test
    void hostFacts_standInTheTestBed() {
        String page = testBed(Fixture.quick().changed(run -> {
            run.provenance().host().put("cpu", "Imaginary 9000");
            run.provenance().host().put("cores", "12");
            run.provenance().host().put("memory", "2097152 kB");
            return run;
        }));

        assertThat(page)
                .contains("Imaginary 9000, 12 CPUs for the process", "2.0 GiB", "6.0-fixture", "0123456789abcdef")
                .contains("threading big-lock, iothread", "driver raw, null");
    }

    @Test
    void hostileHostName_staysText() {
        String page = testBed(Fixture.quick().changed(run -> {
            run.provenance().host().put("cpu", "<script>alert(1)</script>");
            return run;
        }));

        assertThat(page).doesNotContain("<script").contains("&lt;script&gt;alert(1)");
    }

    @Test
    void method_countsWhatTheResultsCount() {
        RunFolder folder = Fixture.quick()
                .changed(run -> {
                    run.options().putAll(Map.of("ramp_time", "800000000ns", "runtime", "1000000000ns"));
                    return run.order() == 3 ? Fixture.with(run, RunStatus.INVALID, "for the test") : run;
                })
                .folder(temp);
        double requests = 0;
        for (RunResult run : folder.results()) {
            requests += run.status() == RunStatus.OK ? run.metrics().get("ios").value() : 0;
        }
        String millions = String.format(java.util.Locale.ROOT, "%.3f M requests", requests / 1e6);

        assertThat(method(folder))
                .contains("4 configurations, 16 runs planned", "16 finished, 15 valid", millions)
                .contains("on for 800 ms (ramp_time) uncounted", "runtime 1 s", "rw randread; bs 4k; iodepth 32")
                .contains("littles-law, errors", "iothread is compared with big-lock");
    }

    @Test
    void rwmixread_isToldOfMixedLoadsOnly() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("rw", List.of("randread", "randrw"));

        assertThat(method(
                        Fixture.of(axes, 2).changed(TestBedAndMethodTest::mixed).folder(temp)))
                .contains("rwmixread 70");
        assertThat(method(Fixture.quick().changed(TestBedAndMethodTest::mixed).folder(temp)))
                .doesNotContain("rwmixread");
    }

    @Test
    void sizes_areNeverRounded() {
        assertThat(OptionText.of("bs", "4096")).isEqualTo("4k");
        assertThat(OptionText.of("bs", "1537")).isEqualTo("1537");
        assertThat(OptionText.of("runtime", "2000000000ns")).isEqualTo("2 s");
        assertThat(OptionText.of("iodepth", "4096")).isEqualTo("4096");
    }

    @Test
    void noRun_hasNoTestBed() {
        Html html = new Html();
        ReportModel model = ReportModel.of(Fixture.quick().interruptedAfter(0).folder(temp));

        TestBedSection.write(html, model);
        MethodSection.write(html, model);

        assertThat(html.toString()).isEmpty();
    }

    private static RunResult mixed(RunResult run) {
        run.options().put("rwmixread", "70");
        return run;
    }

    private String testBed(Fixture fixture) {
        Html html = new Html();
        TestBedSection.write(html, ReportModel.of(fixture.folder(temp)));
        return html.toString();
    }

    private static String method(RunFolder folder) {
        Html html = new Html();
        MethodSection.write(html, ReportModel.of(folder));
        return html.toString();
    }
}
