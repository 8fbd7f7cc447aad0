package ringside.workloads.conformance;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.workloads.conformance.spec.Catalogue;
import ringside.workloads.conformance.spec.Clause;
import ringside.workloads.conformance.spec.Verdict;

/**
 * The results of a run.
 *
 * @param target what was tested
 * @param offered feature bits of its default device
 * @param results in the order of the tests
 * @param durationNs of the whole run
 */
public record ConformanceReport(String target, long offered, List<TestResult> results, long durationNs) {
    public ConformanceReport {
        results = List.copyOf(results);
    }

    /**
     * How many statements of a kind are met.
     *
     * @param passed met
     * @param applicable those about which a test could say something
     * @param total all
     */
    public record Count(int passed, int applicable, int total) {}

    /** The verdict on each statement that a test was about, worst result first to count. */
    public Map<String, Verdict> byClause() {
        Map<String, Verdict> verdicts = new TreeMap<>();
        results.forEach(result -> result.clauses().forEach(id -> verdicts.merge(id, result.verdict(), Verdict::and)));
        return verdicts;
    }

    /** Statements of a kind. */
    public Count count(Clause.Level level) {
        Map<String, Verdict> verdicts = byClause();
        int passed = 0;
        int applicable = 0;
        int total = 0;
        for (Clause clause : Catalogue.standard().clauses()) {
            if (clause.level() == level) {
                Verdict verdict = verdicts.getOrDefault(clause.id(), Verdict.SKIP);
                total++;
                applicable += verdict == Verdict.SKIP ? 0 : 1;
                passed += verdict == Verdict.PASS ? 1 : 0;
            }
        }
        return new Count(passed, applicable, total);
    }

    /** Hostile tests: survived, run, all. */
    public Count hostile() {
        List<TestResult> hostile = results.stream().filter(TestResult::hostile).toList();
        int run =
                (int) hostile.stream().filter(r -> r.verdict() != Verdict.SKIP).count();
        int failed =
                (int) hostile.stream().filter(r -> r.verdict() == Verdict.FAIL).count();
        return new Count(run - failed, run, hostile.size());
    }

    /** The worst verdict of all. */
    public Verdict worst() {
        return results.stream()
                .map(TestResult::verdict)
                .filter(verdict -> verdict != Verdict.SKIP)
                .max(Comparator.naturalOrder())
                .orElse(Verdict.SKIP);
    }

    /** One line. */
    public String summary() {
        Count must = count(Clause.Level.MUST);
        Count should = count(Clause.Level.SHOULD);
        Count hostile = hostile();
        return "MUST %s, SHOULD %s, hostile %d/%d survived"
                .formatted(text(must), text(should), hostile.passed(), hostile.applicable());
    }

    private static String text(Count count) {
        int absent = count.total() - count.applicable();
        return count.passed() + "/" + count.applicable() + (absent == 0 ? "" : " (" + absent + " not applicable)");
    }
}
