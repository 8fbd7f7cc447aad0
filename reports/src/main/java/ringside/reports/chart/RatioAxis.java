package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A logarithmic axis of ratios around 1, with round ticks, wide enough for what it shows. */
final class RatioAxis {
    /** An interval may be without end: what of it lies further from 1 than this is cut off. */
    private static final double FURTHEST_BOUND = 20;

    private static final double FURTHEST = 1000;

    private static final double LEAST_SPAN = 0.02;
    private static final double MARGIN = 0.06;

    private double low = -LEAST_SPAN;
    private double high = LEAST_SPAN;

    /** Makes room for a ratio; what is no ratio needs none. */
    void include(double ratio) {
        include(ratio, FURTHEST);
    }

    /** Makes room for the bound of an interval, within reason. */
    void includeBound(double ratio) {
        include(ratio, FURTHEST_BOUND);
    }

    private void include(double ratio, double furthest) {
        if (ratio > 0 && Double.isFinite(ratio)) {
            double log = Math.clamp(Math.log(ratio), -Math.log(furthest), Math.log(furthest));
            low = Math.min(low, log);
            high = Math.max(high, log);
        }
    }

    /** The axis; 1 is always on it. */
    Map<String, Object> axis(String title) {
        double margin = MARGIN * (high - low);
        List<Double> ticks = ticks();
        Map<String, Object> axis = ChartStyle.axis(title);
        axis.put("type", "log");
        axis.put("range", List.of((low - margin) / Math.log(10), (high + margin) / Math.log(10)));
        axis.put("tickvals", ticks);
        axis.put("ticktext", ticks.stream().map(RatioAxis::text).toList());
        return axis;
    }

    private static String text(double ratio) {
        return (ratio == Math.rint(ratio) ? String.valueOf((long) ratio) : String.valueOf(ratio)) + "x";
    }

    private List<Double> ticks() {
        List<Double> all = new ArrayList<>();
        double span = (high - low) / 2;
        double step = span < 0.025 ? 0.01 : span < 0.05 ? 0.02 : span < 0.13 ? 0.05 : span < 0.5 ? 0.1 : 0;
        if (step == 0) {
            all.addAll(
                    span < 0.9
                            ? List.of(0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5)
                            : List.of(
                                    0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0));
        } else {
            for (int at = -20; at <= 20; at++) {
                double tick = Math.rint((1 + at * step) * 100) / 100;
                if (tick > 0) {
                    all.add(tick);
                }
            }
        }
        return all.stream()
                .filter(tick -> low - MARGIN * span <= Math.log(tick) && Math.log(tick) <= high + MARGIN * span)
                .toList();
    }

    /** A line at 1, and the band of ratios that count as the same. */
    static List<Map<String, Object>> landmarks(double tolerance) {
        List<Map<String, Object>> shapes = new ArrayList<>();
        if (tolerance > 0) {
            Map<String, Object> band = shape("rect", 1 / (1 + tolerance), 1 + tolerance);
            band.put("fillcolor", "rgba(128,128,128,0.16)");
            band.put("line", Map.of("width", 0));
            shapes.add(band);
        }
        Map<String, Object> one = shape("line", 1, 1);
        one.put("line", Map.of("width", 1.5, "color", "rgba(128,128,128,0.9)"));
        shapes.add(one);
        return shapes;
    }

    private static Map<String, Object> shape(String type, double from, double to) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("type", type);
        shape.put("layer", "below");
        shape.put("yref", "paper");
        shape.put("x0", from);
        shape.put("x1", to);
        shape.put("y0", 0);
        shape.put("y1", 1);
        return shape;
    }
}
