package ringside.reports.chart;

import java.util.Map;
import tech.tablesaw.plotly.components.HoverLabel;
import tech.tablesaw.plotly.traces.Trace;

/**
 * A trace written as JSON. Tablesaw's own traces lack error bars, hover templates and custom data, and print labels
 * unescaped; its extension point gives all of plotly and keeps its figures.
 *
 * @param attributes plotly's attributes
 */
record JsonTrace(Map<String, Object> attributes) implements Trace {
    @Override
    public String asJavascript(int i) {
        return "var trace" + i + " = " + ScriptJson.writeDrawn(attributes) + ";\n";
    }

    @Override
    public String name() {
        return String.valueOf(attributes.getOrDefault("name", ""));
    }

    @Override
    public HoverLabel hoverLabel() {
        return null; // Trace's contract: none; plotly's own is part of the attributes
    }

    @Override
    public boolean showLegend() {
        return false;
    }
}
