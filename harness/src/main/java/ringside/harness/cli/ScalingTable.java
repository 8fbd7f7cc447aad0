package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import ringside.harness.results.ResultJson;
import ringside.harness.stats.Interval;
import ringside.harness.stats.Scaling;
import ringside.harness.stats.UslFit;

/** Fits of scalability in the forms that people and CI systems read. */
enum ScalingTable {
    TEXT {
        @Override
        void print(Scaling scaling, List<Double> asked, PrintWriter out) {
            for (Scaling.Curve curve : scaling.curves()) {
                out.println(label(curve) + ": " + scaling.metric() + " by " + scaling.axis());
                levels(scaling, curve, out);
                if (curve.fit().isEmpty()) {
                    out.println("  no fit: " + curve.reason());
                }
                curve.fit().ifPresent(fit -> {
                    figures(scaling, fit, out);
                    asked.forEach(level -> out.println("  " + prediction(scaling, curve, fit, level)));
                });
                out.println();
            }
            out.println(
                    "Universal Scalability Law: X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1)); 95 % intervals.");
        }
    },
    JSON {
        @Override
        void print(Scaling scaling, List<Double> asked, PrintWriter out) {
            List<Map<String, Object>> curves = new ArrayList<>();
            scaling.curves().forEach(curve -> curves.add(json(curve, asked)));
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("axis", scaling.axis());
            all.put("metric", scaling.metric());
            all.put("unit", scaling.unit());
            all.put("curves", curves);
            out.print(ResultJson.write(all));
            out.flush();
        }
    };

    private static final double HUNDRED = 100;

    abstract void print(Scaling scaling, List<Double> asked, PrintWriter out);

    private static String label(Scaling.Curve curve) {
        return curve.at().isEmpty()
                ? "all cells"
                : curve.at().entrySet().stream()
                        .map(axis -> axis.getKey() + "=" + axis.getValue())
                        .collect(Collectors.joining(" "));
    }

    private static void levels(Scaling scaling, Scaling.Curve curve, PrintWriter out) {
        out.printf("  %10s %6s %11s %11s %10s%n", scaling.axis(), "runs", "median", "fitted", "off by");
        for (Scaling.Level level : curve.levels()) {
            OptionalDouble fitted = curve.fit().isPresent()
                    ? OptionalDouble.of(curve.fit().get().model().throughput(level.n()))
                    : OptionalDouble.empty();
            out.printf(
                    "  %10s %6d %11s %11s %10s%n",
                    plain(level.n()),
                    level.values().size(),
                    value(scaling, level.median()),
                    fitted.isPresent() ? value(scaling, fitted.getAsDouble()) : "-",
                    fitted.isPresent() ? percent(level.median() / fitted.getAsDouble() - 1) : "-");
        }
    }

    private static void figures(Scaling scaling, UslFit fit, PrintWriter out) {
        out.println("  gamma (one alone)         " + value(scaling, fit.model().gamma()) + " ["
                + value(scaling, fit.gamma().low()) + ", "
                + value(scaling, fit.gamma().high()) + "]");
        out.println("  alpha (contention, sigma) " + figure(fit.model().alpha(), fit.alpha()));
        out.println("  beta (coherency, kappa)   " + figure(fit.model().beta(), fit.beta()));
        out.println("  knee                      " + place(fit, fit.model().knee()));
        out.println("  peak N*                   " + place(fit, fit.model().peak()) + peakInterval(fit));
        out.println("  the levels lie " + percent(fit.fitError()).replace("+", "") + " off the curve"
                + (Double.isNaN(fit.holdOutError())
                        ? ""
                        : ", the largest one " + percent(fit.holdOutError()).replace("+", "")
                                + " off a fit without it"));
        if (!fit.determined()) {
            out.println(
                    "  The levels scatter too much to say anything: measure longer, more often, on a quieter host.");
        } else if (!fit.describes()) {
            out.println("  The law does not describe these levels: read them, not its figures.");
        }
        if (fit.levels() < UslFit.ENOUGH_LEVELS) {
            out.println(
                    "  " + fit.levels() + " levels are few: publish a fit of at least " + UslFit.ENOUGH_LEVELS + ".");
        }
        if (fit.smallest() > 1) {
            out.println("  Level 1 was not measured: gamma is extrapolated.");
        }
    }

    private static String peakInterval(UslFit fit) {
        OptionalDouble peak = fit.model().peak();
        return peak.isEmpty() || !fit.determined() || !fit.supports(peak.getAsDouble())
                ? ""
                : Double.isInfinite(fit.peak().high())
                        ? String.format(
                                Locale.ROOT, ", at least %.3g", fit.peak().low())
                        : String.format(
                                Locale.ROOT,
                                " [%.3g, %.3g]",
                                fit.peak().low(),
                                fit.peak().high());
    }

    /** A place on the axis; one that was not measured is marked as predicted, or withheld. */
    private static String place(UslFit fit, OptionalDouble place) {
        if (!fit.determined()) {
            return "not known: the levels scatter too much";
        }
        if (place.isEmpty()) {
            return "none";
        }
        double n = place.getAsDouble();
        if (n <= fit.largest()) {
            return String.format(Locale.ROOT, "%.3g", n);
        }
        return fit.refusal(n)
                .map(reason -> "not within the levels measured, and not predicted: " + reason)
                .orElseGet(() -> String.format(Locale.ROOT, "%.3g (predicted)", n));
    }

    private static String prediction(Scaling scaling, Scaling.Curve curve, UslFit fit, double level) {
        return curve.interval(level)
                .map(interval -> String.format(
                        Locale.ROOT,
                        "predicted at %s: %s [%s, %s]",
                        plain(level),
                        value(scaling, fit.model().throughput(level)),
                        value(scaling, interval.low()),
                        value(scaling, interval.high())))
                .orElseGet(() -> "not predicted at " + plain(level) + ": "
                        + fit.refusal(level).orElse(""));
    }

    private static Map<String, Object> json(Scaling.Curve curve, List<Double> asked) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("at", curve.at());
        one.put("levels", curve.levels());
        one.put("reason", curve.reason());
        curve.fit().ifPresent(fit -> {
            one.put("fit", figures(fit));
            Map<String, Object> predicted = new LinkedHashMap<>();
            for (double level : asked) {
                curve.interval(level)
                        .ifPresentOrElse(
                                interval -> predicted.put(
                                        plain(level),
                                        Map.of("value", fit.model().throughput(level), "interval", interval)),
                                () -> predicted.put(
                                        plain(level),
                                        Map.of("refused", fit.refusal(level).orElse(""))));
            }
            one.put("predicted", predicted);
        });
        return one;
    }

    /** What does not exist is left out, because JSON has neither NaN nor infinity. */
    private static Map<String, Object> figures(UslFit fit) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("gamma", Map.of("value", fit.model().gamma(), "interval", fit.gamma()));
        all.put("alpha", Map.of("value", fit.model().alpha(), "interval", fit.alpha()));
        all.put("beta", Map.of("value", fit.model().beta(), "interval", fit.beta()));
        if (fit.determined()) {
            fit.model().knee().ifPresent(knee -> all.put("knee", knee));
            fit.model().peak().ifPresent(peak -> all.put("peak", peak));
        }
        all.put("determined", fit.determined());
        all.put("describes", fit.describes());
        all.put("fitError", fit.fitError());
        if (!Double.isNaN(fit.lackOfFitP())) {
            all.put("lackOfFitP", fit.lackOfFitP());
        }
        if (!Double.isNaN(fit.holdOutError())) {
            all.put("holdOutError", fit.holdOutError());
        }
        return all;
    }

    private static String figure(double value, Interval interval) {
        return String.format(Locale.ROOT, "%.3g [%.3g, %.3g]", value, interval.low(), interval.high());
    }

    private static String plain(double n) {
        return n == Math.rint(n) ? String.format(Locale.ROOT, "%.0f", n) : String.format(Locale.ROOT, "%.1f", n);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", HUNDRED * share);
    }

    private static String value(Scaling scaling, double value) {
        return "1/s".equals(scaling.unit())
                ? Rates.format(value)
                : String.format(Locale.ROOT, "%.4g %s", value, scaling.unit());
    }
}
