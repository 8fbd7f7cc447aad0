package ringside.harness.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import ringside.harness.HarnessException;
import ringside.harness.stats.Interval;
import ringside.harness.stats.UslFit;

/**
 * Holds the coefficients of the Universal Scalability Law against limits and a baseline. A coefficient rose when the 95 %
 * intervals do not meet: that is surer than 95 %, and says nothing where the levels scatter.
 */
final class ScalingJudge {
    private static final long SEED = 0x55534cL; // that of ringside scaling

    private static final Coefficient SIGMA = new Coefficient(fit -> fit.model().alpha(), UslFit::alpha);
    private static final Coefficient KAPPA = new Coefficient(fit -> fit.model().beta(), UslFit::beta);

    private final Rule.OfScaling rule;
    private final List<Decision> decisions = new ArrayList<>();

    private ScalingJudge(Rule.OfScaling rule) {
        this.rule = rule;
    }

    static List<Decision> judge(Rule.OfScaling rule, Baseline results, Optional<Baseline> baseline) {
        Question.cells(rule.cells(), results, baseline); // refuses a rule that selects nothing
        ScalingJudge judge = new ScalingJudge(rule);
        Map<Map<String, String>, Fitted> before = baseline.map(judge::curves).orElse(Map.of());
        Map<Map<String, String>, Fitted> after = judge.curves(results);
        after.forEach((at, now) -> judge.curve(at, now, Optional.ofNullable(before.get(at))));
        before.keySet().stream().filter(at -> !after.containsKey(at)).forEach(judge::missing);
        return judge.decisions;
    }

    /** The law at a point of the other axes, or why there is none. */
    private record Fitted(Optional<UslFit> fit, String reason) {}

    private Map<Map<String, String>, Fitted> curves(Baseline results) {
        Map<Map<String, String>, SortedMap<Double, double[]>> points = new LinkedHashMap<>();
        for (Baseline.Cell cell : results.cells()) {
            if (rule.cells().selects(cell)) {
                Map<String, String> at = new LinkedHashMap<>(cell.axes());
                double level = level(at.remove(rule.axis()), cell);
                double[] values = cell.samples(rule.metric()).stream()
                        .flatMapToDouble(DoubleStream::of)
                        .filter(value -> value > 0)
                        .toArray();
                if (values.length > 0) {
                    points.computeIfAbsent(at, _ -> new TreeMap<>()).put(level, values);
                }
            }
        }
        Map<Map<String, String>, Fitted> curves = new LinkedHashMap<>();
        points.forEach((at, levels) -> curves.put(at, fit(levels)));
        return curves;
    }

    private double level(String value, Baseline.Cell cell) {
        if (value == null) {
            throw HarnessException.badInput("rule '" + rule.name() + "': the suite has no axis '" + rule.axis()
                    + "'; its axes: " + String.join(", ", cell.axes().keySet()));
        }
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw HarnessException.badInput(
                    "rule '" + rule.name() + "': axis '" + rule.axis() + "' has the value '" + value
                            + "', which is no number: scaling is along a number",
                    e);
        }
    }

    private static Fitted fit(SortedMap<Double, double[]> levels) {
        try {
            return new Fitted(
                    Optional.of(UslFit.of(
                            levels.keySet().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .toArray(),
                            levels.values().toArray(double[][]::new),
                            SEED)),
                    "");
        } catch (HarnessException e) {
            return new Fitted(Optional.empty(), e.getMessage());
        }
    }

    private void curve(Map<String, String> at, Fitted now, Optional<Fitted> before) {
        rule.sigma().ifPresent(limit -> coefficient("sigma", at, limit, now, before, SIGMA));
        rule.kappa().ifPresent(limit -> coefficient("kappa", at, limit, now, before, KAPPA));
    }

    private void missing(Map<String, String> at) {
        add(rule.axis(), at, GateVerdict.MISSING, Double.NaN, Double.NaN, "the results have no valid run of it");
    }

    /** How to take a coefficient from a fit. */
    private record Coefficient(Function<UslFit, Double> value, Function<UslFit, Interval> interval) {}

    private void coefficient(
            String name,
            Map<String, String> at,
            Rule.CoefficientLimit limit,
            Fitted now,
            Optional<Fitted> before,
            Coefficient of) {
        Optional<UslFit> was = before.flatMap(Fitted::fit);
        double valueBefore = was.map(of.value()).orElse(Double.NaN);
        if (now.fit().isEmpty()) {
            add(name, at, GateVerdict.UNDERPOWERED, valueBefore, Double.NaN, now.reason());
            return;
        }
        double value = of.value().apply(now.fit().get());
        Interval interval = of.interval().apply(now.fit().get());
        if (!now.fit().get().determined()) {
            String why = "the levels scatter too much to tell, " + text("now", interval);
            add(name, at, GateVerdict.UNDERPOWERED, valueBefore, value, why);
            return;
        }
        GateVerdict verdict = atMost(limit, value, interval);
        String detail = text("now", interval);
        if (limit.mayRise().isPresent()) {
            verdict = verdict.worse(
                    was.isEmpty()
                            ? GateVerdict.NEW
                            : rise(limit.mayRise().getAsDouble(), of.interval().apply(was.get()), interval));
            detail = was.map(fit -> text("before", of.interval().apply(fit)) + ", ")
                            .orElse("not in the baseline; ")
                    + detail;
        }
        add(name, at, verdict, valueBefore, value, detail);
    }

    private static GateVerdict atMost(Rule.CoefficientLimit limit, double value, Interval interval) {
        if (limit.atMost().isEmpty() || value <= limit.atMost().getAsDouble()) {
            return GateVerdict.PASS;
        }
        return interval.low() > limit.atMost().getAsDouble() ? GateVerdict.BROKEN : GateVerdict.UNDERPOWERED;
    }

    private static GateVerdict rise(double mayRise, Interval before, Interval now) {
        if (now.low() > before.high() + mayRise) {
            return GateVerdict.REGRESSED;
        }
        return now.high() < before.low() ? GateVerdict.IMPROVED : GateVerdict.PASS;
    }

    private static String text(String when, Interval interval) {
        return String.format(Locale.ROOT, "%s [%.4g, %.4g]", when, interval.low(), interval.high());
    }

    private void add(
            String name, Map<String, String> at, GateVerdict verdict, double before, double now, String detail) {
        String point = at.isEmpty() ? "all cells" : at.toString().replaceAll("[{}]", "");
        decisions.add(Decision.untested(
                rule,
                point,
                name.equals(rule.axis()) ? name : name + " by " + rule.axis(),
                "1",
                verdict,
                before,
                now,
                detail));
    }
}
