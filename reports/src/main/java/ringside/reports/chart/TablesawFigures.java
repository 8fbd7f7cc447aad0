package ringside.reports.chart;

import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.Trace;

/**
 * Figures by tablesaw. Its layout stays empty: it prints titles in a form that plotly 3 ignores, so the real one is
 * registered by element and merged by the page's script when {@code Plotly.newPlot} is called.
 */
final class TablesawFigures implements Figures {
    @Override
    public String element(Plot plot) {
        return figure(plot).divString(plot.id()).strip();
    }

    @Override
    public String script(Plot plot) {
        String code = figure(plot)
                .asJavascript(plot.id())
                .replaceFirst("(?s)^\\s*<script>", "")
                .replaceFirst("(?s)</script>\\s*$", "");
        return "ringside.layouts[" + ScriptJson.write(plot.id()) + "] = " + ScriptJson.writeDrawn(plot.layout())
                + ";\n(function () {\n" + code.strip() + "\n})();\n";
    }

    private static Figure figure(Plot plot) {
        Trace[] traces = plot.traces().stream().map(JsonTrace::new).toArray(Trace[]::new);
        return new Figure(Layout.builder().build(), traces);
    }
}
