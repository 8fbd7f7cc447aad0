package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.LogNormal;

class DelayNodeTest {
    @Test
    void distribution_hasTheMeanAndThePercentileAskedFor() {
        LogNormal distribution = new DelaySpec(FilterFixture.zeroes(), 100_000, 400_000, 1).distribution();
        SplittableRandom random = new SplittableRandom(1);
        long[] drawn = new long[1_000_000];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = distribution.at(random.nextGaussian());
        }
        Arrays.sort(drawn);

        assertThat(Arrays.stream(drawn).average().orElseThrow()).isCloseTo(100_000, within(1_000.0));
        assertThat(drawn[990_000]).isCloseTo(400_000, Percentage.withPercentage(2));
    }

    @Test
    void distributionThatCannotBe_isRefused() {
        assertThatThrownBy(() -> new DelaySpec(FilterFixture.zeroes(), 0, 1, 0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new DelaySpec(FilterFixture.zeroes(), 10, 9, 0))
                .hasMessageContaining("p99 must be");
        assertThatThrownBy(() -> new DelaySpec(FilterFixture.zeroes(), 10, 150, 0))
                .hasMessageContaining("p99 must be");
    }

    @Test
    void request_takesAtLeastTheLatencyAndKeepsItsData(@TempDir Path folder) throws IOException {
        try (FilterFixture f =
                new FilterFixture(new DelaySpec(FilterFixture.image(folder, "a", 1 << 20), 3_000_000, 3_000_000, 0))) {
            long begin = System.nanoTime();
            FilterFixture.Request write = f.submit(BlockOp.WRITE, 4096, 4096, f.filled(4096, 7));
            f.finish();

            assertThat(write.error).isZero();
            assertThat(write.endedNs - begin).isGreaterThanOrEqualTo(3_000_000);
            assertThat(f.read(4096, 4096)).containsOnly(7);
        }
    }

    @Test
    void requests_endInTheOrderOfTheirDeadlines() {
        try (FilterFixture f = new FilterFixture(new DelaySpec(FilterFixture.zeroes(), 200_000, 1_000_000, 3))) {
            FilterFixture.Request[] requests = new FilterFixture.Request[500];
            for (int i = 0; i < requests.length; i++) {
                requests[i] = f.submit(BlockOp.FLUSH, 0, 0);
            }
            f.finish();

            assertThat(requests).allSatisfy(request -> assertThat(request.error).isZero());
            assertThat(f.loop.wakes()).isPositive();
        }
    }

    @Test
    void blockingCall_takesAtLeastTheLatency() {
        try (FilterFixture f = new FilterFixture(new DelaySpec(FilterFixture.zeroes(), 2_000_000, 2_000_000, 0))) {
            long begin = System.nanoTime();
            f.node.file().read(0, f.filled(512, 1));

            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(2_000_000);
        }
    }
}
