package ringside.workloads.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the distributions promise, without a peer. Tolerances are five standard deviations or more at fixed seeds. */
class DistributionsTest {
    private static final int DRAWS = 200_000;
    private static final int BLOCK = 4096;
    private static final long BLOCKS = 100_000;

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.99, 1.1, 2.5})
    void zeta_isTheSum(double theta) {
        double sum = 0;
        for (long k = 3_000_000; k >= 1; k--) {
            sum += Math.pow(k, -theta);
        }

        assertThat(ZipfOffsets.zeta(3_000_000, theta)).isCloseTo(sum, within(1e-9 * sum));
        assertThat(ZipfOffsets.zeta(1, theta)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.8, 1.2, 1.5})
    void zipf_givesTheFirstRanksTheirShares(double theta) {
        long[] counts = countsByRank(OffsetGenerator.zipf(0, BLOCKS * BLOCK, BLOCK, theta, 0.5, 7));
        double zeta = ZipfOffsets.zeta(BLOCKS, theta);

        assertThat(counts[0] / (double) DRAWS).isCloseTo(1 / zeta, within(0.006));
        assertThat(counts[1] / (double) DRAWS).isCloseTo(Math.pow(0.5, theta) / zeta, within(0.006));
    }

    @Test
    void pareto_isSelfSimilar() {
        int blocks = 1024;
        long[] counts = countsByRank(OffsetGenerator.pareto(0, (long) blocks * BLOCK, BLOCK, 0.2, -1, 7));

        // 0.2 of the blocks take 0.8 of the requests; ordering by count favours lucky blocks a little.
        long hot = Arrays.stream(counts).limit(blocks / 5).sum();
        assertThat(hot / (double) DRAWS).isBetween(0.79, 0.81);
    }

    @Test
    void hotBlocks_areNoNeighbours_andMoveWithTheCentre() {
        OffsetGenerator here = OffsetGenerator.zipf(0, BLOCKS * BLOCK, BLOCK, 1.2, 0, 7);
        OffsetGenerator there = OffsetGenerator.zipf(0, BLOCKS * BLOCK, BLOCK, 1.2, 0.25, 7);

        for (int i = 0; i < 1000; i++) {
            long moved = there.next() - here.next();
            assertThat(Math.floorMod(moved, BLOCKS * BLOCK)).isEqualTo(BLOCKS / 4 * BLOCK);
        }
    }

    @Test
    void splitSizes_haveTheirShares_andFitTheRoom() {
        SizeMix sizes = SizeMix.split(new int[] {4096, 65536, 8192}, new int[] {60, 30, 10}, 4096, 3);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            counts.merge(sizes.next(1 << 20), 1, Integer::sum);
            assertThat(sizes.next(9000) <= 8192).isTrue();
        }

        assertThat(counts).hasSize(3);
        assertThat(counts.get(4096)).isCloseTo(60_000, within(800));
        assertThat(counts.get(65536)).isCloseTo(30_000, within(800));
        assertThat(counts.get(8192)).isCloseTo(10_000, within(500));
    }

    /** Counts in descending order. */
    private static long[] countsByRank(OffsetGenerator offsets) {
        long[] counts = new long[(int) BLOCKS];
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) (offsets.next() / BLOCK)]++;
        }
        Arrays.sort(counts);
        for (int i = 0; i < counts.length / 2; i++) {
            long low = counts[i];
            counts[i] = counts[counts.length - 1 - i];
            counts[counts.length - 1 - i] = low;
        }
        return counts;
    }
}
