package ringside.harness.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ringside.workloads.conformance.ConformanceReport;
import ringside.workloads.conformance.TestResult;
import ringside.workloads.conformance.spec.Catalogue;
import ringside.workloads.conformance.spec.Clause;
import ringside.workloads.conformance.spec.Verdict;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports for programs. */
final class MachineReport {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private MachineReport() {}

    static String json(ConformanceReport report) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("target", report.target());
        root.put("specification", "VIRTIO 1.2 cs01");
        root.put("offered_features", "0x" + Long.toHexString(report.offered()));
        root.put("must", count(report.count(Clause.Level.MUST)));
        root.put("should", count(report.count(Clause.Level.SHOULD)));
        root.put("hostile", count(report.hostile()));
        root.put("duration_ns", report.durationNs());
        root.put("results", report.results().stream().map(MachineReport::result).toList());
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static Map<String, Object> count(ConformanceReport.Count count) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("passed", count.passed());
        map.put("applicable", count.applicable());
        map.put("total", count.total());
        return map;
    }

    private static Map<String, Object> result(TestResult result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("clauses", result.clauses());
        map.put("citations", citations(result));
        map.put("name", result.name());
        map.put("hostile", result.hostile());
        map.put("ring", result.ring().label());
        map.put("verdict", result.verdict().name());
        map.put("evidence", result.evidence());
        map.put("duration_ns", result.durationNs());
        return map;
    }

    private static List<String> citations(TestResult result) {
        return result.clauses().stream()
                .map(id -> Catalogue.standard().clause(id).citation())
                .toList();
    }

    static String junit(ConformanceReport report) {
        long failed = count(report, Verdict.FAIL) + count(report, Verdict.DEVIATES);
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append("<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" skipped=\"%d\" time=\"%s\">%n"
                .formatted(
                        escape(report.target()),
                        report.results().size(),
                        failed,
                        count(report, Verdict.SKIP),
                        seconds(report.durationNs())));
        report.results().forEach(result -> xml.append(testcase(result)));
        return xml.append("</testsuite>\n").toString();
    }

    private static long count(ConformanceReport report, Verdict verdict) {
        return report.results().stream().filter(r -> r.verdict() == verdict).count();
    }

    private static String testcase(TestResult result) {
        String open = "  <testcase classname=\"%s.%s\" name=\"%s\" time=\"%s\">"
                .formatted(
                        result.ring().label(),
                        String.join(" ", result.clauses()),
                        escape(result.name()),
                        seconds(result.durationNs()));
        String evidence = escape(result.evidence());
        String body = switch (result.verdict()) {
            case PASS -> "<system-out>" + evidence + "</system-out>";
            case SKIP -> "<skipped message=\"" + evidence + "\"/>";
            case DEVIATES, FAIL -> "<failure type=\"" + result.verdict() + "\" message=\"" + evidence + "\"/>";
        };
        return open + body + "</testcase>\n";
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.3f", ns / 1e9);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
