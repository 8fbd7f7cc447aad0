package ringside.workloads.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void sequence_isThatOfTheJdkForTheSameSeed() {
        SplitMix64 ours = new SplitMix64(1234567);
        SplittableRandom jdk = new SplittableRandom(1234567);

        for (int i = 0; i < 1000; i++) {
            assertThat(ours.next()).isEqualTo(jdk.nextLong());
        }
    }

    @Test
    void derivedSeeds_areDistinct() {
        assertThat(LongStream.range(0, 10_000)
                        .map(n -> SplitMix64.derive(0x89, n))
                        .distinct()
                        .count())
                .isEqualTo(10_000);
    }

    @Test
    void nextBelow_staysBelow() {
        SplitMix64 random = new SplitMix64(1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(random.nextBelow(3)).isBetween(0L, 2L);
        }
    }
}
