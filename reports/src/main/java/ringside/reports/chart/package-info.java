/**
 * One class per chart: from the report's model to plotly traces, with a sentence how to read it, a sentence of what was
 * seen and the table behind it. {@link ringside.reports.chart.Figures} is the only place that knows the plot library.
 * Used by {@code page}.
 */
package ringside.reports.chart;
