package ringside.emulator.block.qcow2.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries and refcounts as numbers. */
class L2EntryTest {
    @ParameterizedTest
    @ValueSource(ints = {9, 12, 16, 21})
    void compressedDescriptor_reachesToTheEndOfItsLastSector(int clusterBits) {
        Random random = new Random(clusterBits);
        for (int i = 0; i < 1000; i++) {
            long offset = random.nextLong(L2Entry.compressedLimit(clusterBits));
            int bytes = 1 + random.nextInt(1 << clusterBits);
            long entry = L2Entry.compressed(offset, bytes, clusterBits);
            assertThat(L2Entry.compressed(entry)).isTrue();
            assertThat(L2Entry.compressedOffset(entry, clusterBits)).isEqualTo(offset);
            int reach = L2Entry.compressedBytes(entry, clusterBits);
            assertThat(reach).isBetween(bytes, bytes + 511);
            assertThat((offset + reach) % 512).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void refcounts_areIndependentOfTheirNeighbours(int order) {
        int count = 4096 * 8 >> order;
        MemorySegment block = MemorySegment.ofArray(new byte[4096]);
        long max = new Qcow2Geometry(12, order, false).maxRefcount();
        long[] model = new long[count];
        Random random = new Random(order);
        for (int i = 0; i < 10_000; i++) {
            int index = random.nextInt(count);
            model[index] = random.nextLong() & max;
            RefcountCodec.set(block, order, index, model[index]);
        }
        for (int i = 0; i < count; i++) {
            assertThat(RefcountCodec.get(block, order, i)).isEqualTo(model[i]);
        }
    }

    @Test
    void narrowRefcounts_fillABytesLowBitsFirst() {
        MemorySegment block = MemorySegment.ofArray(new byte[16]);
        RefcountCodec.set(block, 0, 9, 1);
        RefcountCodec.set(block, 2, 1, 5);
        assertThat(block.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)).startsWith(0x50, 2);
    }

    @Test
    void geometry_countsEntriesUpwards() {
        Qcow2Geometry usual = new Qcow2Geometry(16, 4, false);
        assertThat(usual.l1Entries(0)).isZero();
        assertThat(usual.l1Entries(1)).isEqualTo(1);
        assertThat(usual.l1Entries(512L << 20)).isEqualTo(1);
        assertThat(usual.l1Entries((512L << 20) + 1)).isEqualTo(2);
        assertThat(usual.refcountsPerBlock()).isEqualTo(32768);
        assertThat(new Qcow2Geometry(16, 4, true).l2Entries()).isEqualTo(4096);
        assertThat(usual.l1Index(5L << 29 | 7 << 16)).isEqualTo(5);
        assertThat(usual.l2Index(5L << 29 | 7 << 16)).isEqualTo(7);
    }
}
