package ringside.reports.page;

import java.util.List;
import ringside.reports.chart.DataTable;

/** One report in the three forms that need no browser. Made anew by each call. */
public interface Paper {
    /** The whole document, self-contained. */
    String html();

    /** The verdict and the tables that it rests on, as Markdown. */
    String markdown();

    /** The numbers behind it. */
    DataTable numbers();

    /** The numbers as CSV (RFC 4180). */
    default String csv() {
        DataTable table = numbers();
        return Csv.of(table.head(), List.copyOf(table.rows()));
    }
}
