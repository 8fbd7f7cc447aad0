package ringside.reports.page;

import java.util.List;
import java.util.stream.Collectors;

/** Markdown as GitHub and GitLab read it, with data escaped on the way in. */
final class Markdown {
    private final StringBuilder text = new StringBuilder();

    Markdown heading(int level, String title) {
        text.append("#".repeat(level)).append(' ').append(escape(title)).append("\n\n");
        return this;
    }

    Markdown paragraph(String content) {
        text.append(escape(content)).append("\n\n");
        return this;
    }

    Markdown strong(String content) {
        text.append("**").append(escape(content)).append("**\n\n");
        return this;
    }

    Markdown bullets(List<String> items) {
        items.forEach(item -> text.append("- ").append(escape(item)).append('\n'));
        if (!items.isEmpty()) {
            text.append('\n');
        }
        return this;
    }

    /** A block of code, whatever is in it. */
    Markdown code(String content) {
        String fence = "`".repeat(Math.max(3, longestRun(content) + 1));
        text.append(fence)
                .append('\n')
                .append(content.strip())
                .append('\n')
                .append(fence)
                .append("\n\n");
        return this;
    }

    Markdown table(List<String> head, List<? extends List<?>> rows) {
        text.append(line(head));
        text.append(head.stream().map(_ -> "---").collect(Collectors.joining(" | ", "| ", " |\n")));
        rows.forEach(row -> text.append(line(row)));
        text.append('\n');
        return this;
    }

    private static String line(List<?> values) {
        return values.stream()
                .map(value -> escape(String.valueOf(value)))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static int longestRun(String content) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < content.length(); i++) {
            run = content.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static String escape(String value) {
        return value.replaceAll("[\\\\`*_\\[\\]|#]", "\\\\$0")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public String toString() {
        return text.toString().stripTrailing() + "\n";
    }
}
