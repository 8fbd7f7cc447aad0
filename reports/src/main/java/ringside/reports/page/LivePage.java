package ringside.reports.page;

import java.util.LinkedHashMap;
import java.util.Map;
import ringside.reports.chart.ScriptJson;

/**
 * A page that follows its folder: the page of a file, with a script that asks its own server for what has changed.
 *
 * @param file the page of a file, as {@link Paper#html} makes it
 * @param version names what the folder held when it was made
 */
public record LivePage(String file, String version) {
    /** The whole document. */
    public String html() {
        int end = file.lastIndexOf("</body>");
        return file.substring(0, end).replaceFirst("connect-src 'none'", "connect-src 'self'")
                + "<script>\nvar ringsideVersion = " + ScriptJson.write(version) + ";\n" + Resources.text("live.js")
                + "</script>\n" + file.substring(end);
    }

    /** What changes from one page to the next, as JSON: the plot library and the styles stay where they are. */
    public String content() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("version", version);
        parts.put("title", between("<header class=\"top\">\n<div>\n", "</div>"));
        parts.put("nav", between("<nav aria-label=\"Sections\">", "</nav>"));
        parts.put("main", between("<main id=\"main\">\n", "</main>"));
        parts.put("data", between("id=\"ringside-data\">", "</script>"));
        parts.put("first", between("id=\"ringside-first\">", "</script>"));
        parts.put("plots", between("id=\"ringside-plots\">", "</script>"));
        return ScriptJson.write(parts);
    }

    /** Text from data is escaped, so the program's own markup is found. */
    private String between(String begin, String end) {
        int from = file.indexOf(begin) + begin.length();
        return file.substring(from, file.indexOf(end, from));
    }
}
