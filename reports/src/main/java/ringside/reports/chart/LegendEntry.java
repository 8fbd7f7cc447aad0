package ringside.reports.chart;

/**
 * An entry of a legend, which is also the switch that shows and hides its traces.
 *
 * @param name name of the traces it stands for
 * @param label what a reader sees
 * @param series index of colour and symbol, see {@link ChartStyle}
 * @param on whether it is shown at first
 * @param note where it comes from; empty for measured data
 */
public record LegendEntry(String name, String label, int series, boolean on, String note) {
    /** A measured series that is shown at first. */
    static LegendEntry of(String name, int series) {
        return new LegendEntry(name, name, series, true, "");
    }
}
