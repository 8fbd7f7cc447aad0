package ringside.harness.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import ringside.harness.results.RunEvent;

/**
 * The JVM's own events while a run is measured: streamed for the live view, and read exactly from a dump at the end,
 * because a stream lags behind by up to a second and would wait for that long when it is stopped.
 */
final class JfrObserver implements AutoCloseable {
    private static final long MOST_BYTES = 32L << 20;

    private final RecordingStream stream;
    private final LongAdder collections = new LongAdder();
    private final LongAdder pausedNs = new LongAdder();
    private final LongAdder longWaits = new LongAdder();

    JfrObserver() {
        stream = new RecordingStream();
        stream.setMaxSize(MOST_BYTES);
        stream.enable(JfrEvents.COLLECTION).withoutStackTrace();
        stream.enable(JfrEvents.OPERATION).withThreshold(Duration.ZERO);
        stream.enable(JfrEvents.SAFEPOINT).withThreshold(Duration.ZERO);
        stream.enable(JfrEvents.PARK).withThreshold(JfrEvents.LONG_PARK).withoutStackTrace();
        stream.enable(JfrEvents.COMPILATION).withThreshold(JfrEvents.LONG_COMPILATION);
        stream.enable(JfrEvents.DEOPTIMIZATION).withoutStackTrace();
        stream.enable(JfrEvents.LOCK_WAIT);
        stream.setReuse(true);
        stream.onEvent(JfrEvents.COLLECTION, _ -> collections.increment());
        stream.onEvent(JfrEvents.OPERATION, this::operation);
        stream.onEvent(JfrEvents.LOCK_WAIT, _ -> longWaits.increment());
        stream.startAsync();
    }

    private void operation(RecordedEvent event) {
        if (event.getBoolean("safepoint")) {
            pausedNs.add(event.getDuration().toNanos());
        }
    }

    /** For the live view, since the start; empty while nothing happened. */
    String live() {
        long paused = pausedNs.sum() / 1_000_000;
        String text = collections.sum() > 0 ? "gc " + collections.sum() : "";
        text += paused > 0 ? " paused " + paused + " ms" : "";
        text += longWaits.sum() > 0 ? " long lock waits " + longWaits.sum() : "";
        return text.strip();
    }

    /** What happened in the measured phase, in order. */
    List<RunEvent> events(Instant begin, Instant end) throws IOException {
        Path file = Files.createTempFile("ringside-events", ".jfr");
        try {
            stream.dump(file);
            return JfrEvents.read(file, begin, end);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() {
        stream.close();
    }
}
