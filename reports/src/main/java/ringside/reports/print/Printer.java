package ringside.reports.print;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;

/** Makes a page a document or a picture. */
public final class Printer {
    private static final int WIDTH_PX = 1280;
    private static final int HEIGHT_PX = 900;
    private static final int FIGURE_PX = 960;

    private Printer() {}

    /** The page on A4, as a PDF. */
    public static byte[] pdf(String html) {
        return withPage(html, Page.PAPER_PX, "print", true);
    }

    /** The whole page, as a PNG. */
    public static byte[] png(String html) {
        return withPage(html, WIDTH_PX, "screen", false);
    }

    /** Each figure of the page by file name, as PNG and SVG on white, in the order of the page. */
    public static Map<String, byte[]> figures(String html) {
        return onPage(html, FIGURE_PX, "screen", Page::figures);
    }

    private static byte[] withPage(String html, int widthPx, String media, boolean pdf) {
        return onPage(html, widthPx, media, pdf ? Page::pdf : Page::png);
    }

    private static <T> T onPage(String html, int widthPx, String media, Function<Page, T> use) {
        try (Chromium chromium = Chromium.start()) {
            Path file = Files.createTempFile("ringside", ".html");
            try {
                Files.writeString(file, html);
                Page page =
                        chromium.page(widthPx, HEIGHT_PX).medium(media, "light").open(file.toUri());
                return use.apply(page);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw HarnessException.environment("cannot print the page: " + AtomicFiles.reason(e), e);
        }
    }
}
