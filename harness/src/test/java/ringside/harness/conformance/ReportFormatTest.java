package ringside.harness.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import ringside.workloads.conformance.ConformanceReport;
import ringside.workloads.conformance.TestResult;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.spec.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportFormatTest {
    private static final ConformanceReport REPORT = new ConformanceReport(
            "a <test> device",
            0x100000000L,
            List.of(
                    result("D19", false, Verdict.PASS, "notified"),
                    result("D01", false, Verdict.FAIL, "used \"early\" | & often"),
                    result("S05", false, Verdict.DEVIATES, "notifies"),
                    result("R014", true, Verdict.SKIP, "not here")),
            2_000_000_000L);

    private static TestResult result(String clause, boolean hostile, Verdict verdict, String evidence) {
        return new TestResult(List.of(clause), "a test", hostile, RingKind.SPLIT, verdict, evidence, 1_000_000);
    }

    @Test
    void text_hasALinePerStatement_andWhatDidNotPass() {
        assertThat(ReportFormat.TEXT.render(REPORT))
                .contains("D19     PASS          1  VIRTIO-1.2 §2.7.7.2 #4        notified")
                .contains("  FAIL     D01 (split) a test: used")
                .contains("MUST 1/2 (54 not applicable), SHOULD 0/1 (12 not applicable), hostile 0/0 survived;"
                        + " 4 tests in 2.0 s");
    }

    @Test
    void markdown_escapesCells() {
        assertThat(ReportFormat.MARKDOWN.render(REPORT)).contains("used \"early\" \\| & often |");
    }

    @Test
    void json_hasCountsAndResults() {
        JsonNode root = new JsonMapper().readTree(ReportFormat.JSON.render(REPORT));
        assertThat(root.path("must").path("passed").asInt()).isEqualTo(1);
        assertThat(root.path("results").get(1).path("verdict").asString()).isEqualTo("FAIL");
        assertThat(root.path("results").get(0).path("citations").get(0).asString())
                .isEqualTo("VIRTIO-1.2 §2.7.7.2 #4");
    }

    @Test
    void junit_isWellFormed() throws Exception {
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(ReportFormat.JUNIT.render(REPORT))))
                .getDocumentElement();
        assertThat(root.getAttribute("failures")).isEqualTo("2");
        assertThat(root.getAttribute("skipped")).isEqualTo("1");
        assertThat(root.getElementsByTagName("testcase").getLength()).isEqualTo(4);
    }

    @Test
    void unknownFormat_isRefused() {
        assertThatThrownBy(() -> ReportFormat.of("html")).hasMessageContaining("use text, json, markdown or junit");
    }
}
