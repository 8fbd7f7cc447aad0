package ringside.workloads.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.workloads.unit.IoUnit;

class LatencyRecorderTest {
    @TempDir
    Path folder;

    @Test
    void lat_isTheSumOfSlatAndClat() {
        LatencyRecorder recorder = new LatencyRecorder(EnumSet.of(IoUnit.Op.READ));

        recorder.record(IoUnit.Op.READ, 100, 900);

        LatencySet set = recorder.of(IoUnit.Op.READ);
        assertThat(set.slat().getMaxValue()).isEqualTo(100);
        assertThat(set.clat().getMaxValue()).isEqualTo(900);
        assertThat(set.lat().getMaxValue()).isEqualTo(1000);
    }

    @Test
    void impossibleLatencies_areClampedNotLost() {
        LatencyRecorder recorder = new LatencyRecorder(EnumSet.of(IoUnit.Op.WRITE));

        recorder.record(IoUnit.Op.WRITE, -5, Long.MAX_VALUE / 2);

        LatencySet set = recorder.of(IoUnit.Op.WRITE);
        assertThat(set.slat().getTotalCount()).isEqualTo(1);
        assertThat(set.slat().getMaxValue()).isZero();
        assertThat(set.clat().valuesAreEquivalent(set.clat().getMaxValue(), LatencySet.MAX_NS))
                .isTrue();
    }

    @Test
    void equalLatencies_areAllCounted() {
        LatencyRecorder recorder = new LatencyRecorder(EnumSet.of(IoUnit.Op.READ, IoUnit.Op.WRITE));

        for (int i = 0; i < 5; i++) {
            recorder.record(IoUnit.Op.READ, 10, 20);
            recorder.record(IoUnit.Op.WRITE, 10, 20);
        }
        recorder.record(IoUnit.Op.READ, 10, 30);

        LatencySet reads = recorder.of(IoUnit.Op.READ);
        assertThat(reads.clat().getCountAtValue(20)).isEqualTo(5);
        assertThat(reads.clat().getCountAtValue(30)).isEqualTo(1);
        assertThat(reads.slat().getCountAtValue(10)).isEqualTo(6);
        assertThat(recorder.of(IoUnit.Op.WRITE).lat().getTotalCount()).isEqualTo(5);
    }

    @Test
    void reset_forgetsEverything() {
        LatencyRecorder recorder = new LatencyRecorder(EnumSet.of(IoUnit.Op.READ, IoUnit.Op.WRITE));
        recorder.record(IoUnit.Op.READ, 1, 1);

        recorder.reset();

        assertThat(recorder.of(IoUnit.Op.READ).lat().getTotalCount()).isZero();
    }

    @Test
    void sumOfParts_hasThePercentilesOfTheWhole() {
        Random random = new Random(1);
        LatencySet whole = LatencySet.empty();
        LatencySet merged = LatencySet.empty();
        for (int part = 0; part < 4; part++) {
            LatencySet own = LatencySet.empty();
            for (int i = 0; i < 1000; i++) {
                long ns = 1 + random.nextLong(1L << (10 + 5 * part));
                own.record(ns, ns, 1);
                whole.record(ns, ns, 1);
            }
            merged.add(own);
        }

        assertThat(merged.lat()).isEqualTo(whole.lat());
        assertThat(merged.clat().getValueAtPercentile(99.9))
                .isEqualTo(whole.clat().getValueAtPercentile(99.9));
    }

    @Test
    void histogramLog_isReadBackByTheLibrary() throws IOException {
        Histogram read = new Histogram(1, LatencySet.MAX_NS, 3);
        read.recordValue(123_456);
        Path file = folder.resolve("lat.hlog");

        HistogramLog.write(file, 1_000_000, 1_002_000, Map.of("read", read));

        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            Histogram back = (Histogram) reader.nextIntervalHistogram();
            assertThat(back.getTag()).isEqualTo("read");
            assertThat(back).isEqualTo(read);
            assertThat(back.getEndTimeStamp() - back.getStartTimeStamp()).isEqualTo(2000);
            assertThat(reader.hasNext()).isFalse();
        }
        assertThat(Files.readString(file)).startsWith("#[Histogram log format version 1.3]");
    }
}
