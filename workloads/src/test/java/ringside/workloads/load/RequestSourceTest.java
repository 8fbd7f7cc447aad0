package ringside.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;
import ringside.workloads.unit.IoUnit;

class RequestSourceTest {
    private static final long CAPACITY_BYTES = (8L << 20) + 3 * 512;

    @TempDir
    Path folder;

    /** fio's random map with sizes that vary: nothing twice before all was touched once. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw=randread bssplit=4k/50:16k/30:12k/20",
                "rw=randwrite bsrange=512-8k",
                "rw=randrw bsrange=4k-64k",
                "rw=randread bsrange=4k-64k bs_unaligned=1",
                "rw=randread bs=4k",
                "rw=randtrim bssplit=4k/50:8k/50"
            })
    void randomMap_touchesEachBlockOnceBeforeAnyAgain(String options) throws IOException {
        JobSpec job = parse(options);
        int unit = job.bs().minBytes();
        int units = (int) (CAPACITY_BYTES / unit);

        BitSet seen = new BitSet(units);
        for (Requests.One one : Requests.of(job, CAPACITY_BYTES, units)) {
            int first = (int) (one.offsetBytes() / unit);
            int end = Math.min(units, first + Math.ceilDiv(one.lengthBytes(), unit));
            if (seen.cardinality() == units) {
                return;
            }
            assertThat(seen.get(first, end).cardinality())
                    .as("%s after %s", one, seen.cardinality())
                    .isZero();
            seen.set(first, end);
        }
        assertThat(seen.cardinality()).isEqualTo(units);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw=randrw bsrange=512-64k norandommap=1 percentage_random=50",
                "rw=randread:7 bssplit=4k/50:64k/50",
                "rw=read:-64k bs=4k",
                "rw=randread bs=4k ba=512",
                "rw=randwrite bs=4k random_distribution=zipf:1.4",
                "rw=randwrite bs=4k random_distribution=zipf:0.4:1",
                "rw=randwrite bs=4k random_distribution=pareto:0.9",
                "rw=randwrite bs=4k random_distribution=normal:90:1",
                "rw=randread bs=64k random_distribution=zoned:50/0:50/1",
                "rw=rw bs=4k,64k zonemode=strided zonesize=1m zonerange=192k zoneskip=3k"
            })
    void everyRequest_liesWithinTheRegion_andRestartRepeats(String options) throws IOException {
        JobSpec job = parse(options + " offset=64k size=4m");

        List<Requests.One> first = Requests.of(job, CAPACITY_BYTES, 20_000);

        assertThat(first.stream().filter(one -> !liesWithin(one))).isEmpty();
        assertThat(Requests.afterRestart(job, CAPACITY_BYTES, 20_000).equals(first))
                .isTrue();
    }

    private static boolean liesWithin(Requests.One one) {
        return one.offsetBytes() >= 64 << 10
                && one.offsetBytes() + one.lengthBytes() <= (4 << 20) + (64 << 10)
                && (one.offsetBytes() | one.lengthBytes()) % 512 == 0
                && one.lengthBytes() > 0;
    }

    @Test
    void zonesBehindTheRegion_areRefused() throws IOException {
        JobSpec job = parse("rw=randread random_distribution=zoned_abs:50/1m:50/9m");

        assertThatThrownBy(() -> Requests.of(job, CAPACITY_BYTES, 1))
                .hasMessageContaining("random_distribution: the zones end at 10485760 bytes, behind the region");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw=randread bssplit=4k/50:16k/50",
                "rw=randrw random_distribution=zipf:1.2 percentage_random=70",
                "rw=randtrimwrite bsrange=4k-16k",
                "rw=randread random_distribution=normal:20",
                "rw=randread random_distribution=zoned:50/20:50/"
            })
    void next_allocatesNothing(String options) throws IOException {
        JobSpec job = parse(options);
        JobRegion.Resolved region = job.region().resolve("x", CAPACITY_BYTES, job.bs());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(job.bufferBytes(), 4096);
            IoUnit unit = new IoUnit(0, buffer, buffer.address());
            RequestSource source = new RequestSource(job, region, 1);
            source.fill(new IoUnit[] {unit});
            long warm = drive(source, unit, threads, 100_000);
            long bytes = drive(source, unit, threads, 100_000);

            // One object of the smallest size per request would be 1,600,000 bytes; what remains is the compiler's.
            assertThat(Math.min(warm, bytes)).isLessThan(100_000);
        }
    }

    private static long drive(RequestSource source, IoUnit unit, ThreadMXBean threads, int requests) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < requests; i++) {
            source.next(unit);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private JobSpec parse(String options) throws IOException {
        Path file = Files.write(folder.resolve("x.fio"), List.of(("[x] " + options).split(" ")));
        return JobFile.parse(file, Strictness.STRICT).jobs().getFirst();
    }
}
