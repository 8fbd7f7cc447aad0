package ringside.harness.run;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import ringside.emulator.trace.LogHistogram;
import ringside.harness.results.HistogramData;

/** Distributions in the form of results. */
final class Histograms {
    private static final String[] PERCENTILES = {
        "1.0", "5.0", "10.0", "25.0", "50.0", "75.0", "90.0", "95.0", "99.0", "99.5", "99.9", "99.95", "99.99", "99.999"
    };
    private static final long MAX_NS = 3_600_000_000_000L;

    private Histograms() {}

    /** The emulator's histogram as an HdrHistogram; each value becomes the middle of its bucket (at most 0.8 % off). */
    static Histogram convert(LogHistogram source) {
        Histogram histogram = new Histogram(1, MAX_NS, 2);
        for (int bucket = 0; bucket < source.bucketCount(); bucket++) {
            long count = source.bucketValueCount(bucket);
            if (count > 0) {
                histogram.recordValueWithCount(Math.min(MAX_NS, source.bucketMidpoint(bucket)), count);
            }
        }
        return histogram;
    }

    /** Summary, percentiles and the histogram itself. */
    static HistogramData data(Histogram histogram) {
        long count = histogram.getTotalCount();
        Map<String, Long> percentiles = new LinkedHashMap<>();
        if (count > 0) {
            for (String percentile : PERCENTILES) {
                percentiles.put(percentile, histogram.getValueAtPercentile(Double.parseDouble(percentile)));
            }
        }
        return new HistogramData(
                "ns",
                count,
                count == 0 ? 0 : histogram.getMinValue(),
                histogram.getMaxValue(),
                count == 0 ? 0 : histogram.getMean(),
                count == 0 ? 0 : histogram.getStdDeviation(),
                percentiles,
                encode(histogram));
    }

    private static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        byte[] bytes = new byte[length];
        buffer.flip().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
