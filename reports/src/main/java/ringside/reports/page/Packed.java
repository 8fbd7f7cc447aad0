package ringside.reports.page;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Large parts of a page as a browser inflates them: gzip, in base64. */
public final class Packed {
    private Packed() {}

    /** A text, in UTF-8. */
    static String text(String text) {
        return bytes(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** All that a stream has. */
    public static String bytes(InputStream source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 1 << 16)) {
            source.transferTo(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress a part of a page", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
