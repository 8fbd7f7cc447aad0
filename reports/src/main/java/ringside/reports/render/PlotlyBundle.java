package ringside.reports.render;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import ringside.reports.page.Packed;

/** The plot library from its webjar, compressed for a page: 11 MB become 2.6 MB of text. */
final class PlotlyBundle {
    private static final String RESOURCE = "META-INF/resources/webjars/plotly.js-dist/3.3.1/plotly.js";

    private PlotlyBundle() {}

    /** Compressing takes a second or more, so once in a process is enough. */
    private static final class Holder {
        static final String GZIP_BASE64 = compress();
    }

    /** The library, gzipped, in base64. */
    static String gzipBase64() {
        return Holder.GZIP_BASE64;
    }

    private static String compress() {
        try (InputStream source = PlotlyBundle.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (source == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path: the distribution is incomplete");
            }
            return Packed.bytes(source);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }
}
