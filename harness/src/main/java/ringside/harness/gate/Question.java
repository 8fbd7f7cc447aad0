package ringside.harness.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.SampleJudge;

/**
 * What a rule asks of one cell: what limits say is known at once, what a test says only with all tests of the gate.
 *
 * @param known from limits and expectations, or because there is nothing to test
 * @param test the test, empty where there is none
 */
record Question(Decision known, Optional<SampleJudge.Case> test) {
    /** From here on a number is none: nobody makes so many. */
    private static final int MOST_RUNS = 10_000;

    private static final int MOST_SESSIONS = 1_000;

    static Question answered(Decision decision) {
        return new Question(decision, Optional.empty());
    }

    /** One for each metric and cell of a rule. */
    static List<Question> of(Rule.OfMetrics rule, Baseline results, Optional<Baseline> baseline, boolean paired) {
        List<Question> questions = new ArrayList<>();
        for (String metric : rule.metrics()) {
            Baseline.Kind kind = kind(metric, results, baseline);
            for (Baseline.Cell cell : cells(rule.cells(), results, baseline)) {
                if (rule.against().isEmpty()
                        || !rule.against().entrySet().stream()
                                .allMatch(cell.axes().entrySet()::contains)) {
                    questions.add(new CellRule(
                                    rule,
                                    metric,
                                    kind,
                                    cell,
                                    paired && rule.against().isEmpty())
                            .ask(results, baseline));
                }
            }
        }
        return questions;
    }

    private static Baseline.Kind kind(String metric, Baseline results, Optional<Baseline> baseline) {
        Baseline.Kind now = results.metrics().get(metric);
        Baseline.Kind before = baseline.map(was -> was.metrics().get(metric)).orElse(now);
        if (now == null && before == null) {
            throw HarnessException.badInput("no run has a metric '" + metric + "': use one of "
                    + String.join(", ", results.metrics().keySet()));
        }
        return now == null ? before : now;
    }

    /** Of the results, and those that only the baseline has. */
    static List<Baseline.Cell> cells(CellSelector selector, Baseline results, Optional<Baseline> baseline) {
        Map<String, Baseline.Cell> all = new LinkedHashMap<>();
        Stream.concat(results.cells().stream(), baseline.stream().flatMap(was -> was.cells().stream()))
                .filter(selector::selects)
                .forEach(cell -> all.putIfAbsent(cell.cell(), cell));
        if (all.isEmpty()) {
            throw HarnessException.badInput(selector.where() + "cells: the rule selects no cell of suite "
                    + results.suite() + "; its first is "
                    + results.cells().getFirst().cell() + " with "
                    + results.cells().getFirst().axes());
        }
        return List.copyOf(all.values());
    }

    /** The answer where there is no test. */
    Decision answer() {
        return known;
    }

    /** The answer with the test's outcome. */
    Decision answer(CellChange change) {
        GateVerdict verdict = verdict(change.change());
        String detail =
                change.change() == Change.UNDERPOWERED || change.change() == Change.TOO_FEW_RUNS ? needs(change) : "";
        return new Decision(
                known.rule(),
                known.cell(),
                known.metric(),
                known.unit(),
                known.verdict().worse(verdict),
                known.before(),
                known.now(),
                change.ratio(),
                change.interval(),
                change.pValue(),
                Stream.of(known.detail(), detail)
                        .filter(text -> !text.isEmpty())
                        .reduce((a, b) -> a + "; " + b)
                        .orElse(""));
    }

    private String needs(CellChange change) {
        if (change.change() == Change.TOO_FEW_RUNS) {
            return change.runsA() + " and " + change.runsB() + " valid runs, 3 and 3 are the least";
        }
        SampleJudge.Case tested = test.orElseThrow();
        String what = tested.paired() ? "pairs" : tested.bySession() ? "sessions in the baseline" : "runs a side";
        if (change.runsNeeded() < (tested.bySession() ? MOST_SESSIONS : MOST_RUNS)) {
            return "needs " + change.runsNeeded() + " " + what;
        }
        return "no number of " + what + " is enough at this scatter: "
                + (tested.paired() ? "use a longer runtime or a quieter host" : "interleave with ringside ab");
    }

    private static GateVerdict verdict(Change change) {
        return switch (change) {
            case REGRESSED -> GateVerdict.REGRESSED;
            case IMPROVED -> GateVerdict.IMPROVED;
            case SAME -> GateVerdict.PASS;
            case UNDERPOWERED, TOO_FEW_RUNS -> GateVerdict.UNDERPOWERED;
            case ONLY_IN_A -> GateVerdict.MISSING;
            case ONLY_IN_B -> GateVerdict.NEW;
        };
    }
}
