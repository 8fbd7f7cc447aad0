package ringside.reports.page;

import java.util.List;

/** A page under construction: pieces of markup, with data escaped on the way in. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Text of a cell of a table that shows its beginning, and all of it when opened. */
    record Folded(String beginning, String all) {
        private static final int LONG = 160;
        private static final int SHOWN = 80;

        /** Folds what is long; what is short stays as it is. */
        static Object of(String text) {
            return text.length() <= LONG
                    ? text
                    : new Folded(text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "\u2026", text);
        }
    }

    /** Markup that is part of the program, never data. */
    Html raw(String markup) {
        text.append(markup);
        return this;
    }

    /** An element with escaped text. */
    Html element(String name, String attributes, Object content) {
        text.append('<').append(name);
        if (!attributes.isEmpty()) {
            text.append(' ').append(attributes);
        }
        text.append('>').append(Escape.html(content)).append("</").append(name).append(">\n");
        return this;
    }

    /** A paragraph. */
    Html paragraph(String content) {
        return element("p", "", content);
    }

    /** A table of data that can be scrolled by itself on a narrow screen. */
    Html table(String caption, List<String> head, List<? extends List<?>> rows) {
        raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + Escape.html(caption)
                + "\"><table>\n");
        element("caption", "", caption);
        raw("<thead><tr>");
        head.forEach(name -> element("th", "scope=\"col\"", name));
        raw("</tr></thead>\n<tbody>\n");
        for (List<?> row : rows) {
            raw("<tr>");
            for (Object value : row) {
                cell(value);
            }
            raw("</tr>\n");
        }
        return raw("</tbody></table></div>\n");
    }

    private void cell(Object value) {
        if (value instanceof Folded folded) {
            raw("<td><details class=\"fold\">");
            element("summary", "", folded.beginning());
            raw(Escape.html(folded.all()) + "</details></td>\n");
        } else {
            element("td", value instanceof Number ? "class=\"number\"" : "", value);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
