package ringside.reports.chart;

import java.util.List;
import java.util.Map;

/**
 * One panel.
 *
 * @param id id of its element, unique in a report; also part of a JavaScript name, so letters, digits and {@code _}
 * @param title heading of the panel, empty for a chart with one panel
 * @param description text for who cannot see it
 * @param heightPx height in CSS pixels
 * @param traces plotly traces; a key {@code series} in {@code meta} lets the page choose the colour by theme
 * @param layout plotly layout
 */
public record Plot(
        String id,
        String title,
        String description,
        int heightPx,
        List<Map<String, Object>> traces,
        Map<String, Object> layout) {}
