package ringside.reports.chart;

import java.util.List;

/**
 * The numbers behind a chart.
 *
 * @param name name of the file it is downloaded as, without suffix
 * @param caption what it shows, with units
 * @param head column names
 * @param rows raw values: text, numbers with all their digits, or empty text where there is none
 */
public record DataTable(String name, String caption, List<String> head, List<List<Object>> rows) {}
