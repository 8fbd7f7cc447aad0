package ringside.harness.spi;

import java.net.URI;

/** Serves reports until it is closed. */
public interface ReportServer extends AutoCloseable {
    /** Where a browser on this host finds it. */
    URI address();

    @Override
    void close();
}
