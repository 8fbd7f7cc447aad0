package ringside.reports.model;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import ringside.harness.results.HistogramData;

/**
 * Recorded values of merged histograms with their counts. A histogram of nanoseconds up to a minute takes 184 KB, whatever
 * is in it; of the few hundred values that were recorded, 5 KB: a report of a thousand cells has thousands of them.
 * Immutable.
 */
final class MergedCounts {
    private final long[] values;
    private final long[] upTo;

    private MergedCounts(long[] values, long[] upTo) {
        this.values = values;
        this.upTo = upTo;
    }

    /** Receives a value, in nanoseconds, and how often it was recorded. */
    @FunctionalInterface
    interface Visitor {
        void visit(long value, long count);
    }

    /** Decodes and merges, at least one part. */
    static MergedCounts of(List<HistogramData> parts) {
        Histogram merged = decode(parts.getFirst());
        if (parts.size() > 1) {
            merged.setAutoResize(true);
            parts.subList(1, parts.size()).forEach(part -> merged.add(decode(part)));
        }
        long[] values = new long[64];
        long[] upTo = new long[64];
        int size = 0;
        for (HistogramIterationValue value : merged.recordedValues()) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
                upTo = Arrays.copyOf(upTo, 2 * size);
            }
            values[size] = value.getValueIteratedTo();
            upTo[size++] = value.getTotalCountToThisValue();
        }
        return new MergedCounts(Arrays.copyOf(values, size), Arrays.copyOf(upTo, size));
    }

    private static Histogram decode(HistogramData data) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(data.hdr())), 0);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new IllegalStateException("a result's histogram cannot be decoded: measure that run again", e);
        }
    }

    /** The smallest value that this share of all values does not exceed, as HdrHistogram counts: 0 to 100. */
    long valueAtPercentile(double percentile) {
        // One step below: 99.9 is a little more than 99.9 in binary, and must not ask for one value more.
        double share = Math.clamp(Math.nextDown(percentile), 0, 100) / 100;
        long wanted = Math.max(1, (long) Math.ceil(share * upTo[upTo.length - 1]));
        int found = Arrays.binarySearch(upTo, wanted);
        return values[found >= 0 ? found : -found - 1];
    }

    /** All values, smallest first. */
    void each(Visitor visitor) {
        for (int i = 0; i < values.length; i++) {
            visitor.visit(values[i], i == 0 ? upTo[0] : upTo[i] - upTo[i - 1]);
        }
    }
}
