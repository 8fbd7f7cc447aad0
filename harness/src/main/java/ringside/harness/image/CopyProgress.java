package ringside.harness.image;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Tells on standard error how far long work has come, with the time left, once it has taken two seconds. Any thread. */
final class CopyProgress {
    private static final long QUIET_NS = 2_000_000_000L;
    private static final long STEP_NS = 250_000_000L;

    private final PrintWriter err;
    private final boolean shown;
    private final long totalBytes;
    private final long startNs = System.nanoTime();
    private final AtomicLong doneBytes = new AtomicLong();
    private long nextNs = startNs + QUIET_NS;
    private boolean printed;

    /** @param wanted whether the user asked for it; otherwise a terminal shows it */
    CopyProgress(PrintWriter err, boolean wanted, boolean quiet, long totalBytes) {
        this.err = err;
        this.shown = !quiet
                && (wanted || System.console() != null && System.console().isTerminal());
        this.totalBytes = Math.max(1, totalBytes);
    }

    void add(long bytes) {
        long done = doneBytes.addAndGet(bytes);
        if (shown) {
            show(done);
        }
    }

    private synchronized void show(long done) {
        long now = System.nanoTime();
        if (now < nextNs) {
            return;
        }
        nextNs = now + STEP_NS;
        double share = Math.min(1, (double) done / totalBytes);
        double leftSeconds = (now - startNs) / 1e9 * (1 - share) / Math.max(share, 1e-9);
        err.print(String.format(Locale.ROOT, "\r    (%.2f/100%%), %.0f s left   ", 100 * share, leftSeconds));
        err.flush();
        printed = true;
    }

    synchronized void end() {
        if (printed) {
            err.println("\r    (100.00/100%)              ");
        }
    }
}
