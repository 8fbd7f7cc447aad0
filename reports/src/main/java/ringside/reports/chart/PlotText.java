package ringside.reports.chart;

/** Text inside plots, where plotly understands a little HTML. */
final class PlotText {
    private PlotText() {}

    /** Makes a label from data show as it is. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
