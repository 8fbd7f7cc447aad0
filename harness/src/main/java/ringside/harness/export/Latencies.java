package ringside.harness.export;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import ringside.harness.HarnessException;
import ringside.harness.results.HistogramData;
import ringside.harness.results.JobResult;
import ringside.harness.results.RunResult;

/** Histograms of a result, decoded. */
final class Latencies {
    private Latencies() {}

    /**
     * Decodes.
     *
     * @throws HarnessException when the result holds no histogram
     */
    static Histogram decode(HistogramData data, String origin) {
        if (data.hdr().isEmpty()) {
            return new Histogram(1);
        }
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(data.hdr())), 0);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw HarnessException.badInput(origin + ": a histogram in it is damaged: " + e.getMessage(), e);
        }
    }

    /**
     * The histogram of a direction of a job: its own, or that of the run where there is but one direction.
     *
     * @param kind {@code slat}, {@code clat} or {@code lat}
     */
    static Histogram of(RunResult run, JobResult.DirectionResult direction, String kind) {
        HistogramData own = Map.of("slat", direction.slat(), "clat", direction.clat(), "lat", direction.lat())
                .get(kind);
        HistogramData kept = own.hdr().isEmpty() ? run.histograms().getOrDefault(kind, own) : own;
        return decode(kept, run.cell() + " r" + run.repetition());
    }
}
