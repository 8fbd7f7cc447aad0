package ringside.reports.chart;

/** Text inside plots, where plotly understands a little HTML. */
final class PlotText {
    private PlotText() {}

    /** The same, with line ends kept. */
    static String lines(String text) {
        return escape(text).replace("\n", "<br>");
    }

    /** Makes a label from data show as it is. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
