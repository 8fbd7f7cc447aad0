package ringside.reports.page;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Comma-separated values by RFC 4180, safe to open in a spreadsheet. */
final class Csv {
    /** Text that begins like this would be a formula in a spreadsheet. */
    private static final Pattern FORMULA = Pattern.compile("^[=+\\-@\t\r]");

    private static final Pattern QUOTED = Pattern.compile("[\",\r\n]");

    private Csv() {}

    static String of(List<String> head, List<List<Object>> rows) {
        StringBuilder text = new StringBuilder(line(head));
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<?> values) {
        return values.stream().map(Csv::field).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String field(Object value) {
        String text = String.valueOf(value);
        if (!(value instanceof Number) && FORMULA.matcher(text).find()) {
            text = "'" + text;
        }
        return QUOTED.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
