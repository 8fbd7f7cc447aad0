package ringside.reports.chart;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.Trace;

/**
 * Figures by tablesaw. Its layout stays empty: it prints titles in a form that plotly 3 ignores, so the real one is
 * registered by element and merged by the page's script when {@code Plotly.newPlot} is called.
 *
 * <p>Tablesaw's template engine takes milliseconds for a figure, and a large report has hundreds: what it makes of a number
 * of empty traces is kept, and theirs and the id are replaced. Thread-safe.
 */
final class TablesawFigures implements Figures {
    private static final String ID = "ringsideFigure";
    private static final JsonTrace EMPTY = new JsonTrace(Map.of());
    private static final Map<Integer, String> SCRIPTS = new ConcurrentHashMap<>();
    private static final String DIV = figure(0).divString(ID).strip();

    @Override
    public String element(Plot plot) {
        return DIV.replace(ID, plot.id());
    }

    @Override
    public String script(Plot plot) {
        String code = SCRIPTS.computeIfAbsent(plot.traces().size(), TablesawFigures::template);
        StringBuilder text = new StringBuilder(1 << 12)
                .append("ringside.layouts[")
                .append(ScriptJson.write(plot.id()))
                .append("] = ")
                .append(ScriptJson.writeDrawn(plot.layout()))
                .append(";\n(function () {\n");
        int from = 0;
        for (int i = 0; i < plot.traces().size(); i++) {
            String mark = EMPTY.asJavascript(i);
            int at = code.indexOf(mark, from);
            text.append(code.substring(from, at).replace(ID, plot.id()))
                    .append(new JsonTrace(plot.traces().get(i)).asJavascript(i));
            from = at + mark.length();
        }
        return text.append(code.substring(from).replace(ID, plot.id()))
                .append("\n})();\n")
                .toString();
    }

    private static String template(int traces) {
        return figure(traces)
                .asJavascript(ID)
                .replaceFirst("(?s)^\\s*<script>", "")
                .replaceFirst("(?s)</script>\\s*$", "")
                .strip();
    }

    private static Figure figure(int traces) {
        return new Figure(
                Layout.builder().build(),
                IntStream.range(0, traces).mapToObj(_ -> EMPTY).toArray(Trace[]::new));
    }
}
