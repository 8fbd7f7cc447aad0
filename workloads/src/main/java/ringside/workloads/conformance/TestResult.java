package ringside.workloads.conformance;

import java.util.List;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.spec.Verdict;

/**
 * What one test found on one format of rings.
 *
 * @param clauses ids of the statements that it is about
 * @param name what the test does
 * @param hostile whether it broke a rule
 * @param ring format of the ring
 * @param verdict what it found
 * @param evidence one line: what was seen, or why it was skipped
 * @param durationNs how long it took
 */
public record TestResult(
        List<String> clauses,
        String name,
        boolean hostile,
        RingKind ring,
        Verdict verdict,
        String evidence,
        long durationNs) {
    public TestResult {
        clauses = List.copyOf(clauses);
    }
}
