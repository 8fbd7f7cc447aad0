package ringside.harness.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ringside.harness.HarnessException;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.SampleJudge;

/**
 * Holds results against a baseline by rules. All relative tests of all rules are one family (Holm), so that the chance of a
 * false alarm is that of the whole gate.
 */
public final class Gate {
    private Gate() {}

    /**
     * Judges.
     *
     * @param allowed kinds and names of facts that may differ, or {@link Difference#ALL}
     * @throws HarnessException when a rule selects no cell, names a metric that nothing has, or needs a baseline
     */
    public static GateResult judge(Rules rules, Baseline results, Optional<Baseline> baseline, Set<String> allowed) {
        if (baseline.isEmpty() && rules.needBaseline()) {
            throw HarnessException.badInput("a rule compares with a baseline: name it with --baseline FILE");
        }
        List<Difference> differences =
                baseline.map(was -> Compatibility.between(was, results)).orElse(List.of());
        List<Difference> refused =
                differences.stream().filter(one -> !one.allowed(allowed)).toList();
        List<Difference> permitted =
                differences.stream().filter(one -> one.allowed(allowed)).toList();
        if (!refused.isEmpty()) {
            return new GateResult(GateVerdict.INCOMPATIBLE, rules.alpha(), List.of(), refused, permitted);
        }
        return answer(rules, decisions(rules, results, baseline, false), permitted);
    }

    /** Judges pairs: relative rules by the paired test, without a look at what else differs. */
    public static GateResult judge(Rules rules, Recording.Pairs pairs) {
        return answer(rules, decisions(rules, pairs.head(), Optional.of(pairs.base()), true), List.of());
    }

    private static GateResult answer(Rules rules, List<Decision> decisions, List<Difference> permitted) {
        GateVerdict verdict = decisions.stream()
                .map(Decision::verdict)
                .filter(one -> !(rules.underpoweredPasses() && one == GateVerdict.UNDERPOWERED))
                .reduce(GateVerdict.PASS, GateVerdict::worse);
        return new GateResult(verdict, rules.alpha(), decisions, List.of(), permitted);
    }

    /** What differs besides what was measured, the revision left out: it is what is judged. */
    public static List<Difference> differences(Baseline was, Baseline is) {
        return Compatibility.between(was, is);
    }

    private static List<Decision> decisions(
            Rules rules, Baseline results, Optional<Baseline> baseline, boolean paired) {
        List<Question> questions = new ArrayList<>();
        for (Rule rule : rules.rules()) {
            switch (rule) {
                case Rule.OfMetrics of -> questions.addAll(Question.of(of, results, baseline, paired));
                case Rule.OfScaling of ->
                    ScalingJudge.judge(of, results, baseline).forEach(done -> questions.add(Question.answered(done)));
            }
        }
        List<SampleJudge.Case> cases =
                questions.stream().flatMap(question -> question.test().stream()).toList();
        List<CellChange> changes = SampleJudge.judge(cases, rules.alpha());
        List<Decision> decisions = new ArrayList<>();
        int at = 0;
        for (Question question : questions) {
            decisions.add(question.test().isPresent() ? question.answer(changes.get(at++)) : question.answer());
        }
        return List.copyOf(decisions);
    }
}
