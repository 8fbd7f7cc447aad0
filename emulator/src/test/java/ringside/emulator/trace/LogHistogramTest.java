package ringside.emulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogHistogramTest {
    private static int onlyBucket(LogHistogram histogram) {
        int found = -1;
        for (int i = 0; i < histogram.bucketCount(); i++) {
            if (histogram.bucketValueCount(i) > 0) {
                assertThat(found).isEqualTo(-1);
                found = i;
            }
        }
        return found;
    }

    private static void assertMidpointNear(long value) {
        LogHistogram histogram = new LogHistogram();
        histogram.record(value);
        double error = Math.abs((double) histogram.bucketMidpoint(onlyBucket(histogram)) - value);
        assertThat(error).as("value %d", value).isLessThanOrEqualTo(value / 128.0);
    }

    @Test
    void everyValue_fallsIntoABucketWhoseMiddleIsWithinOnePartIn128() {
        for (long value = 0; value < 4096; value++) {
            assertMidpointNear(value);
        }
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 2000; i++) {
            assertMidpointNear(random.nextLong() >>> random.nextInt(1, 64));
        }
        for (int shift = 6; shift < 63; shift++) {
            assertMidpointNear(1L << shift);
            assertMidpointNear((1L << shift) - 1);
        }
        assertMidpointNear(Long.MAX_VALUE);
    }

    @Test
    void buckets_rise() {
        LogHistogram histogram = new LogHistogram();
        for (int i = 1; i < histogram.bucketCount(); i++) {
            assertThat(histogram.bucketMidpoint(i)).isGreaterThan(histogram.bucketMidpoint(i - 1));
        }
    }

    @Test
    void negativeValue_countsAsZero() {
        LogHistogram histogram = new LogHistogram();
        histogram.record(-5);
        assertThat(histogram.count()).isEqualTo(1);
        assertThat(histogram.sum()).isZero();
        assertThat(histogram.bucketValueCount(0)).isEqualTo(1);
    }

    @Test
    void difference_isWhatWasRecordedSinceTheSnapshot() {
        LogHistogram histogram = new LogHistogram();
        histogram.record(10);
        LogHistogram earlier = histogram.snapshot();
        histogram.record(1000);
        histogram.record(10);
        LogHistogram since = histogram.minus(earlier);
        assertThat(earlier.count()).as("a snapshot does not change").isEqualTo(1);
        assertThat(since.count()).isEqualTo(2);
        assertThat(since.sum()).isEqualTo(1010);
        assertThat(since.bucketValueCount(10)).isEqualTo(1);
        earlier.add(since);
        assertThat(earlier.count()).isEqualTo(3);
        assertThat(earlier.max()).isEqualTo(1000);
    }
}
