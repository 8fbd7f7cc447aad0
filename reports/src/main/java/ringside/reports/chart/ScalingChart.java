package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.harness.HarnessException;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.Interval;
import ringside.harness.stats.Scaling;
import ringside.harness.stats.UslFit;
import ringside.reports.model.Axis;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** The Universal Scalability Law along an axis that counts something, with knee and peak. */
final class ScalingChart implements Chart {
    private static final Set<String> COUNTS =
            Set.of("vcpus", "disks", "iothreads", "queues", "numjobs", "iodepth", "processes");

    private static final int PANEL_PX = 340;
    private static final int STEPS = 60;
    private static final double IDEAL_HEADROOM = 1.15;

    /** More curves than this are left to {@code ringside scaling}: each takes a bootstrap. */
    private static final long MOST_CURVES = 24;

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        Optional<Scaling> scaling = scaling(model);
        if (scaling.isEmpty()) {
            return Optional.empty();
        }
        Map<Point, List<Scaling.Curve>> panels = new LinkedHashMap<>();
        for (Scaling.Curve curve : scaling.get().curves()) {
            Map<String, String> at = new LinkedHashMap<>(curve.at());
            at.remove(model.comparedAxis());
            panels.computeIfAbsent(new Point(at), _ -> new ArrayList<>()).add(curve);
        }
        List<Plot> plots = new ArrayList<>();
        panels.forEach((panel, curves) -> plots.add(
                plot(model, scaling.get(), panel, curves, "plot_scaling_" + plots.size(), panels.size() == 1)));
        return Optional.of(new ChartBlock(
                "scaling",
                "Scaling by " + scaling.get().axis(),
                "Marks are medians with the range of the runs, lines the Universal Scalability Law fitted to all runs, thin"
                        + " dotted lines the ideal: the smallest level times its multiple. The knee is where more begins to"
                        + " give little, the peak (N*) where it begins to cost; both are marked where the data carry them.",
                seen(model, scaling.get()),
                Tables.legend(model),
                plots,
                List.of(table(scaling.get()))));
    }

    private static Optional<Scaling> scaling(ReportModel model) {
        for (Axis axis : model.axes()) {
            if (COUNTS.contains(axis.name())
                    && !axis.name().equals(model.comparedAxis())
                    && new TreeSet<>(axis.values()).size() >= UslFit.FEWEST_LEVELS
                    && axis.values().stream().allMatch(value -> value.matches("[1-9][0-9]*"))
                    && curves(model, axis.name()) <= MOST_CURVES) {
                try {
                    return Optional.of(Scaling.of(model.folder(), Optional.of(axis.name()), "iops"))
                            .filter(found -> found.curves().stream()
                                    .anyMatch(curve -> curve.fit().isPresent()));
                } catch (HarnessException e) {
                    return Optional.empty(); // the runs that finished do not have it
                }
            }
        }
        return Optional.empty();
    }

    private static long curves(ReportModel model, String axis) {
        return model.folder().results().stream()
                .filter(run -> run.status() == RunStatus.OK)
                .map(run -> {
                    Map<String, String> rest = new LinkedHashMap<>(run.axes());
                    rest.remove(axis);
                    return rest;
                })
                .distinct()
                .count();
    }

    private static int series(ReportModel model, Scaling.Curve curve) {
        return Math.max(0, model.series().indexOf(name(model, curve)));
    }

    private static String name(ReportModel model, Scaling.Curve curve) {
        return curve.at().getOrDefault(model.comparedAxis(), "");
    }

    private static Plot plot(
            ReportModel model, Scaling scaling, Point panel, List<Scaling.Curve> curves, String id, boolean single) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (Scaling.Curve curve : curves) {
            String name = name(model, curve).isEmpty() ? "all" : name(model, curve);
            int series = series(model, curve);
            traces.add(runs(scaling, curve, name, series));
            traces.add(measured(model, scaling, curve, name, series));
            ideal(curve, name, series).ifPresent(traces::add);
            curve.fit().ifPresent(fit -> {
                traces.add(fitted(fit, name, series));
                places(scaling, fit, name, series).ifPresent(traces::add);
            });
        }
        Map<String, Object> layout = new LinkedHashMap<>();
        Map<String, Object> x = ChartStyle.axis(scaling.axis());
        x.put("rangemode", "tozero");
        Map<String, Object> y = ChartStyle.axis("IOPS");
        y.put("rangemode", "tozero");
        layout.put("xaxis", x);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        String title = single ? "" : panel.label();
        return new Plot(
                id,
                title,
                "Scaling by " + scaling.axis() + (title.isEmpty() ? "" : ", " + title),
                PANEL_PX,
                traces,
                layout);
    }

    /** The single runs, behind their medians. */
    private static Map<String, Object> runs(Scaling scaling, Scaling.Curve curve, String name, int series) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Scaling.Level level : curve.levels()) {
            for (double value : level.values()) {
                x.add(level.n());
                y.add(value);
                texts.add("%s, %s %s: one run, %s IOPS"
                        .formatted(name, scaling.axis(), number(level.n()), HoverText.exact(value)));
            }
        }
        Map<String, Object> trace = ChartStyle.scatter(name, series, "markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("opacity", 0.7);
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", "line-ew-open", "size", 10)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    /** The command of the cell at a level; empty where it cannot be told. */
    private static String command(ReportModel model, Scaling scaling, Scaling.Curve curve, Scaling.Level level) {
        Map<String, String> axes = new LinkedHashMap<>(curve.at());
        axes.put(scaling.axis(), number(level.n()));
        return model.cells().stream()
                .filter(cell -> cell.axes().entrySet().containsAll(axes.entrySet()))
                .findFirst()
                .map(cell -> HoverText.command(model, cell))
                .orElse("");
    }

    private static Map<String, Object> measured(
            ReportModel model, Scaling scaling, Scaling.Curve curve, String name, int series) {
        Map<String, Object> trace = ChartStyle.scatter(name, series, "markers");
        trace.put("x", curve.levels().stream().map(Scaling.Level::n).toList());
        trace.put("y", curve.levels().stream().map(Scaling.Level::median).toList());
        trace.put("error_y", ranges(curve));
        ChartStyle.hover(
                trace,
                curve.levels().stream()
                        .map(level -> "%s, %s %s: median %s IOPS, exactly %s (%s)%s"
                                .formatted(
                                        name,
                                        scaling.axis(),
                                        number(level.n()),
                                        Numbers.si(level.median()),
                                        HoverText.exact(level.median()),
                                        level.values().stream().map(Numbers::si).collect(Collectors.joining(", ")),
                                        command(model, scaling, curve, level)))
                        .toList());
        return trace;
    }

    /** The smallest level times n: what a device without contention would do; it may leave the figure. */
    private static Optional<Map<String, Object>> ideal(Scaling.Curve curve, String name, int series) {
        if (curve.levels().size() < 2) {
            return Optional.empty();
        }
        Scaling.Level first = curve.levels().getFirst();
        double largest = curve.levels().getLast().n();
        double highest = 0;
        for (Scaling.Level level : curve.levels()) {
            highest = Math.max(highest, level.median());
        }
        double each = first.median() / first.n();
        if (!(each > 0)) {
            return Optional.empty();
        }
        // Not further than a little above the data: an ideal of eight times would flatten what was measured.
        double end = Math.max(first.n(), Math.min(largest, IDEAL_HEADROOM * highest / each));
        Map<String, Object> trace = ChartStyle.scatter(name, series, "lines");
        trace.put("x", List.of(first.n(), end));
        trace.put("y", List.of(first.median(), each * end));
        trace.put("line", ChartStyle.mutable(Map.of("dash", "dot", "width", 1)));
        trace.put("opacity", 0.6);
        trace.put("hoverinfo", "skip");
        return Optional.of(trace);
    }

    private static Map<String, Object> ranges(Scaling.Curve curve) {
        List<Double> plus = new ArrayList<>();
        List<Double> minus = new ArrayList<>();
        for (Scaling.Level level : curve.levels()) {
            double low = level.median();
            double high = level.median();
            for (double value : level.values()) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            plus.add(high - level.median());
            minus.add(level.median() - low);
        }
        Map<String, Object> bars = new LinkedHashMap<>(Map.of("type", "data", "symmetric", false));
        bars.putAll(Map.of("array", plus, "arrayminus", minus, "thickness", 1.3, "width", 4));
        return bars;
    }

    private static Map<String, Object> fitted(UslFit fit, String name, int series) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            double n = fit.smallest() + (fit.largest() - fit.smallest()) * i / STEPS;
            x.add(n);
            y.add(fit.model().throughput(n));
        }
        Map<String, Object> trace = ChartStyle.scatter(name, series, "lines");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("hoverinfo", "skip");
        return trace;
    }

    /** Knee and peak, where they lie within the levels measured. */
    private static Optional<Map<String, Object>> places(Scaling scaling, UslFit fit, String name, int series) {
        List<Double> x = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        within(fit, fit.model().knee()).ifPresent(n -> {
            x.add(n);
            texts.add("%s: knee at %s %s".formatted(name, scaling.axis(), number(n)));
        });
        within(fit, fit.model().peak()).ifPresent(n -> {
            x.add(n);
            texts.add("%s: peak at %s %s".formatted(name, scaling.axis(), number(n)));
        });
        if (x.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> trace = ChartStyle.scatter(name, series, "markers");
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", "line-ns-open", "size", 22)));
        trace.put("x", x);
        trace.put("y", x.stream().map(fit.model()::throughput).toList());
        ChartStyle.hover(trace, texts);
        return Optional.of(trace);
    }

    private static Optional<Double> within(UslFit fit, OptionalDouble place) {
        return place.isPresent() && place.getAsDouble() <= fit.largest() && fit.determined() && fit.describes()
                ? Optional.of(place.getAsDouble())
                : Optional.empty();
    }

    private static String seen(ReportModel model, Scaling scaling) {
        List<String> parts = new ArrayList<>();
        for (Scaling.Curve curve : scaling.curves()) {
            String name = Point.labelOf(curve.at());
            curve.fit()
                    .ifPresent(fit -> parts.add("%s: contention %s, peak %s%s"
                            .formatted(
                                    name.isEmpty() ? "all" : name,
                                    Numbers.percent(fit.model().alpha()),
                                    within(fit, fit.model().peak())
                                            .map(n -> "at " + number(n))
                                            .orElse("not within the levels measured"),
                                    !fit.determined()
                                            ? " (the levels scatter too much to say)"
                                            : fit.describes() ? "" : " (the law does not describe these levels)")));
        }
        return String.join("; ", parts) + ".";
    }

    private static DataTable table(Scaling scaling) {
        List<List<Object>> rows = new ArrayList<>();
        for (Scaling.Curve curve : scaling.curves()) {
            String name = Point.labelOf(curve.at());
            curve.fit()
                    .ifPresentOrElse(
                            fit -> rows.add(List.of(
                                    name,
                                    fit.model().gamma(),
                                    range(fit.gamma()),
                                    fit.model().alpha(),
                                    range(fit.alpha()),
                                    fit.model().beta(),
                                    range(fit.beta()),
                                    place(fit, fit.model().knee()),
                                    place(fit, fit.model().peak()),
                                    fit.fitError(),
                                    fit.describes() ? "yes" : "no")),
                            () -> rows.add(List.of(name, "", "", "", "", "", "", "", "", "", curve.reason())));
        }
        return new DataTable(
                "scaling",
                "Universal Scalability Law by " + scaling.axis()
                        + ": X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1))",
                List.of(
                        "configuration",
                        "gamma (1/s)",
                        "gamma, 95 %",
                        "alpha",
                        "alpha, 95 %",
                        "beta",
                        "beta, 95 %",
                        "knee",
                        "peak N*",
                        "distance from the curve",
                        "describes"),
                rows);
    }

    private static Object place(UslFit fit, OptionalDouble place) {
        if (place.isEmpty()) {
            return "none";
        }
        return fit.supports(place.getAsDouble())
                ? (Object) place.getAsDouble()
                : "not supported by the levels measured";
    }

    private static String range(Interval interval) {
        return interval.low() + " to " + interval.high();
    }

    private static String number(double n) {
        return String.format(Locale.ROOT, n == Math.rint(n) ? "%.0f" : "%.1f", n);
    }
}
