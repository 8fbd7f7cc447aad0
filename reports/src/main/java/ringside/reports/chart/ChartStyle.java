package ringside.reports.chart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Marks of a series: colour by theme (from the page's style sheet, after Okabe and Ito, told apart by colour-blind
 * readers), symbol and dash, so that colour is never the only difference.
 */
public final class ChartStyle {
    /** Number of colours before they repeat. */
    public static final int COLOURS = 7;

    /** Index of the neutral colour of reference lines. */
    static final int NEUTRAL = -1;

    private static final List<String> SYMBOLS =
            List.of("circle", "square", "diamond", "triangle-up", "x", "triangle-down", "star");
    private static final List<String> DASHES = List.of("solid", "dash", "dot", "dashdot", "longdash", "solid", "dash");

    private ChartStyle() {}

    /** Symbol of a series. */
    public static String symbol(int series) {
        return SYMBOLS.get(Math.floorMod(series, SYMBOLS.size()));
    }

    static String dash(int series) {
        return DASHES.get(Math.floorMod(series, DASHES.size()));
    }

    /** A scatter trace of a series, still without data. */
    static Map<String, Object> scatter(String name, int series, String mode) {
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("type", "scatter");
        trace.put("mode", mode);
        trace.put("name", PlotText.escape(name));
        trace.put("meta", Map.of("series", series));
        trace.put("cliponaxis", false);
        trace.put("marker", mutable(Map.of("symbol", symbol(series), "size", 9)));
        trace.put("line", mutable(Map.of("dash", dash(series), "width", 2)));
        return trace;
    }

    /** A trace with its hover text, one per point; a line end begins a new line. */
    static void hover(Map<String, Object> trace, List<String> texts) {
        trace.put("customdata", texts.stream().map(PlotText::lines).toList());
        trace.put("hovertemplate", "%{customdata}<extra></extra>");
    }

    /** The command that repeats the cell of a trace, below each of its hover texts and once in the page. */
    static void command(Map<String, Object> trace, int series, String command) {
        if (!command.isEmpty()) {
            trace.put("meta", Map.of("series", series, "command", PlotText.lines(command)));
            trace.put("hovertemplate", "%{customdata}%{meta.command}<extra></extra>");
        }
    }

    /** Bars of an interval around marks. */
    static Map<String, Object> intervals(List<Double> plus, List<Double> minus) {
        Map<String, Object> bars = mutable(Map.of("type", "data", "symmetric", false, "thickness", 1.5, "width", 4));
        bars.put("array", plus);
        bars.put("arrayminus", minus);
        return bars;
    }

    /** An axis with a title. */
    static Map<String, Object> axis(String title) {
        Map<String, Object> axis = new LinkedHashMap<>();
        axis.put("title", Map.of("text", PlotText.escape(title)));
        axis.put("automargin", true);
        return axis;
    }

    /** A linear axis from zero, or a logarithmic one where the values span too much for that. */
    static Map<String, Object> valueAxis(String title, double smallest, double largest) {
        Map<String, Object> axis = axis(title);
        if (isWide(smallest, largest)) {
            axis.put("title", Map.of("text", PlotText.escape(title + " (logarithmic)")));
            logarithmic(axis, smallest >= 1 ? "~s" : ",~r");
            axis.put("dtick", Math.log10(largest / smallest) > 3 ? (Object) 1 : "D2");
        } else {
            axis.put("rangemode", "tozero");
        }
        return axis;
    }

    /**
     * Makes an axis logarithmic.
     *
     * @param format of its numbers, after d3; with none plotly.js writes 20 and 50 as bare 2 and 5
     */
    static void logarithmic(Map<String, Object> axis, String format) {
        axis.put("type", "log");
        axis.put("tickformat", format);
    }

    /** Whether values span so much that the small ones would vanish on a linear axis. */
    static boolean isWide(double smallest, double largest) {
        return smallest > 0 && largest / smallest > 20;
    }

    static <K, V> Map<K, V> mutable(Map<K, V> map) {
        return new LinkedHashMap<>(map);
    }
}
