package ringside.reports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes pages apart as a script would. */
public final class PageParts {
    private PageParts() {}

    /** The numbers that a page holds for scripts. */
    public static JsonNode data(String html) {
        return JsonMapper.shared().readTree(inflated(html, "data"));
    }

    /** A compressed part: {@code data} or {@code plots}. */
    public static String inflated(String html, String part) {
        Matcher packed = Pattern.compile(
                        "<script type=\"application/gzip\" id=\"ringside-" + part + "\">(.*?)</script>", Pattern.DOTALL)
                .matcher(html);
        if (!packed.find()) {
            throw new AssertionError("the page has no part " + part);
        }
        try (InputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed.group(1))))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The page without the plot library, for looking at its text. */
    public static String withoutLibrary(String html) {
        return html.replaceAll("(?s)id=\"ringside-plotly\">.*?</script>", "");
    }
}
