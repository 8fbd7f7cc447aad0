package ringside.harness.gate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import ringside.harness.HarnessException;
import ringside.harness.stats.SampleJudge;
import ringside.harness.stats.Summary;

/** One rule, one metric, one cell. */
record CellRule(Rule.OfMetrics rule, String metric, Baseline.Kind kind, Baseline.Cell cell, boolean paired) {
    private static final double HUNDRED = 100;

    Question ask(Baseline results, Optional<Baseline> baseline) {
        List<double[]> now =
                results.cell(cell.cell()).map(one -> one.samples(metric)).orElse(List.of());
        List<double[]> before =
                reference(results, baseline).map(one -> one.samples(metric)).orElse(List.of());
        if (now.isEmpty()) {
            return answered(GateVerdict.MISSING, before, now, "the results have no valid run of it");
        }
        Decision limits = limits(before, now);
        if (!rule.relative()) {
            return Question.answered(limits);
        }
        if (before.isEmpty() && !rule.against().isEmpty()) {
            return answered(
                    GateVerdict.MISSING, before, now, "there is no cell with " + rule.against() + " to compare with");
        }
        if (before.isEmpty()) {
            return Question.answered(worse(limits, GateVerdict.NEW, "not in the baseline"));
        }
        double lowest = Math.min(lowest(before), lowest(now));
        if (lowest <= 0) {
            return Question.answered(zeros(limits, before, now));
        }
        return new Question(
                limits,
                Optional.of(new SampleJudge.Case(
                        cell.cell(),
                        before,
                        now,
                        paired && joined(before).length == joined(now).length,
                        rule.better().orElse(kind.better()),
                        rule.tolerance(),
                        rule.minEffect())));
    }

    private Optional<Baseline.Cell> reference(Baseline results, Optional<Baseline> baseline) {
        if (rule.against().isEmpty()) {
            return baseline.flatMap(was -> was.cell(cell.cell()));
        }
        Map<String, String> wanted = new LinkedHashMap<>(cell.axes());
        for (Map.Entry<String, String> axis : rule.against().entrySet()) {
            if (!wanted.containsKey(axis.getKey())) {
                throw HarnessException.badInput(
                        "rule '" + rule.name() + "': against: the suite has no axis '" + axis.getKey() + "'; its axes: "
                                + String.join(", ", cell.axes().keySet()));
            }
            wanted.put(axis.getKey(), axis.getValue());
        }
        return results.cells().stream().filter(one -> one.axes().equals(wanted)).findFirst();
    }

    private Decision limits(List<double[]> before, List<double[]> now) {
        Decision decision = decision(GateVerdict.PASS, before, now, "");
        double median = median(now);
        if (rule.atMost().isPresent() && median > in(rule.atMost().get())) {
            decision = worse(
                    decision,
                    GateVerdict.BROKEN,
                    "more than " + text(rule.atMost().get()));
        }
        if (rule.atLeast().isPresent() && median < in(rule.atLeast().get())) {
            decision = worse(
                    decision,
                    GateVerdict.BROKEN,
                    "less than " + text(rule.atLeast().get()));
        }
        return rule.expectation().isPresent()
                ? expected(decision, rule.expectation().get(), before, now)
                : decision;
    }

    private Decision expected(Decision decision, Expectation expectation, List<double[]> before, List<double[]> now) {
        if (before.isEmpty()) {
            return worse(decision, GateVerdict.MISSING, "there is nothing to compare with");
        }
        double mean = Arrays.stream(joined(before)).average().orElseThrow();
        double[] changes =
                Arrays.stream(joined(now)).map(value -> value / mean - 1).toArray();
        if (changes.length < expectation.runs()) {
            return worse(
                    decision,
                    GateVerdict.UNDERPOWERED,
                    "'" + expectation.text() + "' asks for " + expectation.runs() + " runs, there are "
                            + changes.length);
        }
        String figures = String.format(
                Locale.ROOT,
                "'%s': mean %+.1f %%, from %+.1f %% to %+.1f %%",
                expectation.text(),
                HUNDRED * Arrays.stream(changes).average().orElseThrow(),
                HUNDRED * Arrays.stream(changes).min().orElseThrow(),
                HUNDRED * Arrays.stream(changes).max().orElseThrow());
        return worse(decision, expectation.holds(changes) ? GateVerdict.PASS : GateVerdict.BROKEN, figures);
    }

    /** Of counts that may be 0 there is no ratio. */
    private Decision zeros(Decision limits, List<double[]> before, List<double[]> now) {
        boolean allZero = DoubleStream.concat(DoubleStream.of(joined(before)), DoubleStream.of(joined(now)))
                .allMatch(value -> value == 0);
        return allZero
                ? worse(limits, GateVerdict.PASS, "0 before and now")
                : worse(
                        limits,
                        GateVerdict.MISSING,
                        "some values are 0, so there is no ratio: use at-most or at-least");
    }

    private double in(Limit limit) {
        try {
            return limit.in(kind.unit());
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput("rule '" + rule.name() + "', metric " + metric + ": " + e.getMessage(), e);
        }
    }

    private static String text(Limit limit) {
        double number = limit.number();
        String plain =
                number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : Double.toString(number);
        return plain + limit.suffix();
    }

    private Question answered(GateVerdict verdict, List<double[]> before, List<double[]> now, String detail) {
        return Question.answered(decision(verdict, before, now, detail));
    }

    private Decision decision(GateVerdict verdict, List<double[]> before, List<double[]> now, String detail) {
        return Decision.untested(rule, cell.cell(), metric, kind.unit(), verdict, median(before), median(now), detail);
    }

    private Decision worse(Decision decision, GateVerdict verdict, String detail) {
        return Decision.untested(
                rule,
                decision.cell(),
                decision.metric(),
                decision.unit(),
                decision.verdict().worse(verdict),
                decision.before(),
                decision.now(),
                decision.detail().isEmpty() ? detail : decision.detail() + "; " + detail);
    }

    private static double median(List<double[]> sessions) {
        return sessions.isEmpty() ? Double.NaN : Summary.of(joined(sessions)).median();
    }

    private static double lowest(List<double[]> sessions) {
        return Arrays.stream(joined(sessions)).min().orElseThrow();
    }

    private static double[] joined(List<double[]> sessions) {
        return sessions.stream().flatMapToDouble(DoubleStream::of).toArray();
    }
}
