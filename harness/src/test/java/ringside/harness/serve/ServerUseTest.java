package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class ServerUseTest {
    private static ServerGrowth growth(int samples, IntUnaryOperator rssKib, IntUnaryOperator fds) {
        ServerUse use = new ServerUse();
        for (int i = 0; i < samples; i++) {
            use.add(i, new ProcessUse(2L * rssKib.applyAsInt(i), rssKib.applyAsInt(i), 10, fds.applyAsInt(i)));
        }
        return use.growth();
    }

    @Test
    void steadyServer_doesNotLeak() {
        ServerGrowth growth = growth(40, i -> 100_000 + i % 3, _ -> 20);

        assertThat(growth.rssAnonSlopeKibPerS()).isCloseTo(0, within(1.0));
        assertThat(growth.leaksMemory()).isFalse();
        assertThat(growth.leaksDescriptors()).isFalse();
    }

    @Test
    void warmUp_isNoLeak() {
        ServerGrowth growth = growth(40, i -> i < 10 ? 20_000 * i : 200_000, i -> i < 10 ? i : 20);

        assertThat(growth.leaksMemory()).isFalse();
        assertThat(growth.leaksDescriptors()).isFalse();
    }

    @Test
    void growingMemory_isALeakWithItsSlope() {
        ServerGrowth growth = growth(40, i -> 100_000 + 2_000 * i, _ -> 20);

        assertThat(growth.rssAnonSlopeKibPerS()).isCloseTo(2_000, within(0.1));
        assertThat(growth.leaksMemory()).isTrue();
        assertThat(growth.leaksDescriptors()).isFalse();
    }

    @Test
    void growingDescriptors_areALeak() {
        assertThat(growth(40, _ -> 100_000, i -> 20 + i).leaksDescriptors()).isTrue();
    }

    @Test
    void tooFewSamples_proveNothing() {
        assertThat(growth(3, i -> 100_000 * i, i -> 100 * i).leaksMemory()).isFalse();
        assertThat(growth(0, i -> i, i -> i).samples()).isZero();
    }
}
