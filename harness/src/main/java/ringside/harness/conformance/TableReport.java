package ringside.harness.conformance;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import ringside.workloads.conformance.ConformanceReport;
import ringside.workloads.conformance.TestResult;
import ringside.workloads.conformance.spec.Catalogue;
import ringside.workloads.conformance.spec.Clause;
import ringside.workloads.conformance.spec.Verdict;

/** Reports for people: a line per statement, then what did not pass. */
final class TableReport {
    private TableReport() {}

    /** A statement with the results about it. */
    private record Row(Clause clause, Verdict verdict, List<TestResult> results) {
        /** The evidence that decided. */
        String evidence() {
            return results.stream()
                    .filter(result -> result.verdict() == verdict)
                    .findFirst()
                    .map(TestResult::evidence)
                    .orElse("");
        }

        long run() {
            return results.stream().filter(r -> r.verdict() != Verdict.SKIP).count();
        }
    }

    private static List<Row> rows(ConformanceReport report) {
        return Catalogue.standard().clauses().stream()
                .map(clause -> row(clause, report))
                .filter(row -> !row.results().isEmpty())
                .toList();
    }

    private static Row row(Clause clause, ConformanceReport report) {
        List<TestResult> results = report.results().stream()
                .filter(result -> result.clauses().contains(clause.id()))
                .toList();
        Verdict verdict = results.stream().map(TestResult::verdict).reduce(Verdict.SKIP, Verdict::and);
        return new Row(clause, verdict, results);
    }

    private static List<TestResult> notPassed(ConformanceReport report) {
        return report.results().stream()
                .filter(result -> result.verdict() == Verdict.FAIL || result.verdict() == Verdict.DEVIATES)
                .sorted(Comparator.comparing(TestResult::verdict).reversed())
                .toList();
    }

    static String text(ConformanceReport report) {
        StringBuilder text = new StringBuilder(head(report)).append("\n\n");
        text.append(line("CLAUSE", "VERDICT", "TESTS", "CITATION", "EVIDENCE"));
        rows(report)
                .forEach(row -> text.append(line(
                        row.clause().id(),
                        row.verdict().name(),
                        Long.toString(row.run()),
                        row.clause().citation(),
                        row.evidence())));
        List<TestResult> others = notPassed(report);
        if (!others.isEmpty()) {
            text.append("\nWhat did not pass:\n");
            others.forEach(result -> text.append("  %-8s %s (%s) %s: %s%n"
                    .formatted(
                            result.verdict(),
                            String.join(" ", result.clauses()),
                            result.ring().label(),
                            result.name(),
                            result.evidence())));
        }
        return text.append('\n').append(foot(report)).append('\n').toString();
    }

    private static String line(String clause, String verdict, String tests, String citation, String evidence) {
        return "%-6s  %-8s  %5s  %-28s  %s%n".formatted(clause, verdict, tests, citation, evidence);
    }

    private static String head(ConformanceReport report) {
        return "Conformance of " + report.target() + " to VIRTIO 1.2, offered features 0x"
                + Long.toHexString(report.offered());
    }

    private static String foot(ConformanceReport report) {
        return "%s; %d tests in %s s"
                .formatted(
                        report.summary(),
                        report.results().size(),
                        String.format(Locale.ROOT, "%.1f", report.durationNs() / 1e9));
    }

    static String markdown(ConformanceReport report) {
        String table = rows(report).stream()
                .map(row -> "| %s | %s | %s | %d | %s |"
                        .formatted(
                                row.clause().id(),
                                row.clause().citation(),
                                row.verdict(),
                                row.run(),
                                escape(row.evidence())))
                .collect(Collectors.joining("\n"));
        String others = notPassed(report).stream()
                .map(result -> "- **%s** %s (%s), %s: %s"
                        .formatted(
                                result.verdict(),
                                String.join(" ", result.clauses()),
                                result.ring().label(),
                                result.name(),
                                escape(result.evidence())))
                .collect(Collectors.joining("\n"));
        return "# " + head(report) + "\n\n" + foot(report)
                + "\n\n| Id | Clause | Verdict | Tests | Evidence |\n| --- | --- | --- | --- | --- |\n" + table
                + (others.isEmpty() ? "" : "\n\n## What did not pass\n\n" + others) + "\n";
    }

    static String escape(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
