package ringside.reports.page;

/** Makes text from data safe as HTML text and inside quoted attributes. */
public final class Escape {
    private Escape() {}

    /** Escaped text. */
    public static String html(Object value) {
        return String.valueOf(value)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
