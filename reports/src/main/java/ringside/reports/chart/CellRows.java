package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A vertical axis with a row per cell, the first at the top, long names in several lines. */
final class CellRows {
    /** Most rows that a figure has; more would be a picture nobody reads, and all are in the table. */
    static final int MOST = 60;

    private static final int ROW_PX = 26;
    private static final int LINE_PX = 15;
    private static final int FRAME_PX = 90;
    private static final int LINE_CHARACTERS = 24;

    private final List<String> names;

    CellRows(List<String> names) {
        this.names = names.stream().map(CellRows::wrapped).toList();
    }

    int heightPx() {
        int lines = names.stream()
                .mapToInt(name -> name.split("<br>", -1).length)
                .max()
                .orElse(1);
        return FRAME_PX + names.size() * Math.max(ROW_PX, 6 + lines * LINE_PX);
    }

    Map<String, Object> layout(Map<String, Object> xaxis, List<Map<String, Object>> shapes) {
        Map<String, Object> y = ChartStyle.axis("");
        List<Integer> places = new ArrayList<>();
        for (int row = 0; row < names.size(); row++) {
            places.add(row);
        }
        y.put("tickvals", places);
        y.put("ticktext", names);
        y.put("range", List.of(names.size() - 0.5, -0.5));
        y.put("zeroline", false);
        y.put("showgrid", false);
        y.put("fixedrange", true);
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", xaxis);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        layout.put("shapes", shapes);
        return layout;
    }

    /** Broken between the values of the axes; what is long without a place to break stays as it is. */
    private static String wrapped(String name) {
        StringBuilder text = new StringBuilder();
        int line = 0;
        for (String part : name.split(" · ", -1)) {
            if (line > 0 && line + part.length() > LINE_CHARACTERS) {
                text.append(" ·<br>");
                line = 0;
            } else if (line > 0) {
                text.append(" · ");
            }
            text.append(PlotText.escape(part));
            line += part.length() + 3;
        }
        return text.toString();
    }
}
