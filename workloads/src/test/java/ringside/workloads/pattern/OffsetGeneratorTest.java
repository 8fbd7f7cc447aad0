package ringside.workloads.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetGeneratorTest {
    private static final int BLOCK = 4096;
    private static final long BASE = 1 << 20;

    @Test
    void sequential_wrapsAfterTheLastWholeBlock() {
        OffsetGenerator offsets = OffsetGenerator.sequential(BASE, 3 * BLOCK + 100, BLOCK);

        assertThat(take(offsets, 4)).containsExactly(BASE, BASE + BLOCK, BASE + 2 * BLOCK, BASE);
        offsets.restart();
        assertThat(offsets.next()).isEqualTo(BASE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 1000, 4096, 100_003})
    void permuted_yieldsEachBlockOncePerPass(int blocks) {
        OffsetGenerator offsets = OffsetGenerator.permuted(BASE, (long) blocks * BLOCK, BLOCK, 42);

        for (int pass = 0; pass < 3; pass++) {
            BitSet seen = new BitSet(blocks);
            for (long offset : take(offsets, blocks)) {
                assertThat((offset - BASE) % BLOCK).isZero();
                seen.set((int) ((offset - BASE) / BLOCK));
            }
            assertThat(seen.cardinality()).isEqualTo(blocks);
            assertThat(seen.length()).isEqualTo(blocks);
        }
    }

    @Test
    void permuted_passesAndSeedsDiffer_restartRepeats() {
        int blocks = 1000;
        OffsetGenerator offsets = OffsetGenerator.permuted(0, (long) blocks * BLOCK, BLOCK, 1);
        OffsetGenerator other = OffsetGenerator.permuted(0, (long) blocks * BLOCK, BLOCK, 2);

        long[] first = take(offsets, blocks);
        long[] second = take(offsets, blocks);
        offsets.restart();

        assertThat(second).isNotEqualTo(first);
        assertThat(take(other, blocks)).isNotEqualTo(first);
        assertThat(take(offsets, blocks)).isEqualTo(first);
    }

    /** An order that runs through the disk in strides would be recognised by caches and elevators. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 10, 1 << 16, 50_000, 262_144})
    void permuted_looksRandom(int blocks) {
        OffsetGenerator offsets = OffsetGenerator.permuted(0, (long) blocks * BLOCK, BLOCK, 3);
        long[] order = LongStream.of(take(offsets, blocks)).map(o -> o / BLOCK).toArray();
        Set<Long> distances = new HashSet<>();
        int ascents = 0;
        int odd = 0;
        int upperHalf = 0;
        for (int i = 0; i + 1 < order.length; i++) {
            distances.add(order[i + 1] - order[i]);
            ascents += order[i + 1] > order[i] ? 1 : 0;
            odd += (int) ((order[i + 1] ^ order[i]) & 1);
            upperHalf += (order[i] >= blocks / 2) == (order[i + 1] >= blocks / 2) ? 1 : 0;
        }

        // Six standard deviations or more of a true random order.
        double tolerance = 3.0 / Math.sqrt(blocks) + 0.002;
        assertThat((double) ascents / blocks).isBetween(0.5 - tolerance, 0.5 + tolerance);
        assertThat((double) odd / blocks).isBetween(0.5 - tolerance, 0.5 + tolerance);
        assertThat((double) upperHalf / blocks).isBetween(0.5 - tolerance, 0.5 + tolerance);
        assertThat(distances).hasSizeGreaterThan(blocks / 2);
    }

    @Test
    void uniform_staysInTheRegionAndCoversItEvenly() {
        int blocks = 64;
        OffsetGenerator offsets = OffsetGenerator.uniform(BASE, (long) blocks * BLOCK + 511, BLOCK, 5);
        int[] hits = new int[blocks];
        for (long offset : take(offsets, 64_000)) {
            hits[(int) ((offset - BASE) / BLOCK)]++;
        }

        assertThat(Arrays.stream(hits)).allSatisfy(count -> assertThat(count).isBetween(800, 1200));
    }

    @Test
    void regionSmallerThanABlock_isRefused() {
        assertThatThrownBy(() -> OffsetGenerator.uniform(0, 4095, BLOCK, 0))
                .hasMessage("a region of 4095 bytes holds no block of 4096 bytes");
    }

    @Test
    void directionMix_isExactAtTheEndsAndFairBetween() {
        assertThat(reads(0)).isZero();
        assertThat(reads(100)).isEqualTo(100_000);
        assertThat(reads(70)).isBetween(69_000, 71_000);
    }

    private static int reads(int percent) {
        DirectionMix mix = new DirectionMix(percent, 9);
        int reads = 0;
        for (int i = 0; i < 100_000; i++) {
            reads += mix.nextReads() ? 1 : 0;
        }
        return reads;
    }

    private static long[] take(OffsetGenerator offsets, int count) {
        return LongStream.generate(offsets::next).limit(count).toArray();
    }
}
