package ringside.reports.chart;

/** Turns a plot into the text of a page: the seam that hides the plot library. */
public interface Figures {
    /** The element that a plot is drawn into. */
    String element(Plot plot);

    /** JavaScript that draws it, safe inside a script element. */
    String script(Plot plot);

    /** The figures of a report. */
    static Figures standard() {
        return new TablesawFigures();
    }
}
