package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import ringside.emulator.AllocatedBytes;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.ThrottleLimits;
import ringside.emulator.block.ThrottleLimits.Bucket;
import ringside.emulator.block.ThrottleSpec;
import ringside.emulator.ffi.Errno;

/** Filters that a measurement may stand on allocate nothing for a request once they are warm. */
class FilterAllocationTest {
    private static final int ROUND = 30_000;

    /** A disk that allocates nothing itself. */
    private static final BlockNodeSpec NOTHING = new BlockNodeSpec.Null(1 << 20, 0, false);

    private static ThrottleSpec throttle(long iops) {
        return new ThrottleSpec(
                NOTHING,
                "",
                new ThrottleLimits(
                        Bucket.UNLIMITED,
                        Bucket.UNLIMITED,
                        Bucket.UNLIMITED,
                        new Bucket(iops, 0, 1),
                        Bucket.UNLIMITED,
                        Bucket.UNLIMITED,
                        0));
    }

    @TestFactory
    Stream<DynamicTest> warmFilter_allocatesNothing() {
        BlkdebugSpec.Injection armed =
                new BlkdebugSpec.Injection("pwritev", 0, List.of("write"), Errno.EIO, 7, false, 0);
        return Stream.<Supplier<BlockNodeSpec>>of(
                        () -> throttle(1_000_000_000),
                        () -> throttle(100_000),
                        () -> new DelaySpec(NOTHING, 1_000, 4_000, 1),
                        () -> new BlkdebugSpec(NOTHING, List.of(armed), List.of(), 0))
                .map(spec -> DynamicTest.dynamicTest(spec.get().toString(), () -> measure(spec.get())));
    }

    private static void measure(BlockNodeSpec spec) {
        try (FilterFixture f = new FilterFixture(spec)) {
            MemorySegment buffer = f.filled(4096, 1);
            FilterFixture.Request[] requests = new FilterFixture.Request[8];
            for (int i = 0; i < requests.length; i++) {
                requests[i] = f.submit(BlockOp.READ, 0, 4096, buffer);
            }
            f.finish();
            long allocated = AllocatedBytes.inSteadyState(() -> pump(f, requests), ROUND);

            assertThat(allocated).as("bytes for " + ROUND + " requests").isZero();
        }
    }

    /** Submits the same slots again and again; what ended is seen by its outcome. */
    private static long pump(FilterFixture f, FilterFixture.Request[] requests) {
        int count = 0;
        for (; count < ROUND; count += requests.length) {
            for (FilterFixture.Request request : requests) {
                request.error = FilterFixture.PENDING;
                f.backend.submit(request.block);
            }
            f.backend.commit();
            boolean pending = true;
            while (pending) {
                f.loop.pass();
                pending = false;
                for (FilterFixture.Request request : requests) {
                    pending |= request.error == FilterFixture.PENDING;
                }
            }
        }
        return count;
    }
}
