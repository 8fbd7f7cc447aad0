package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.virtqueue.RawSplitRing.INDIRECT;
import static ringside.emulator.virtqueue.RawSplitRing.NEXT;
import static ringside.emulator.virtqueue.RawSplitRing.WRITE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** Each way in which a guest can lay a ring or a chain out wrongly is named, and none is followed. */
class ChainFaultTest {
    private static final int SIZE = 8;
    private static final long BUFFER = GuestMemories.BASE_GPA + 0x10000;
    private static final long TABLE = GuestMemories.BASE_GPA + 0x20000;

    private final GuestMemory memory = GuestMemories.two();
    private final RawSplitRing ring = new RawSplitRing(memory, SIZE, GuestMemories.BASE_GPA);
    private final DescriptorChain chain = new DescriptorChain();

    @AfterEach
    void close() {
        memory.close();
    }

    private ChainFault faultOf(Virtqueue queue) {
        int head = queue.nextHead();
        if (head == Virtqueue.FAULT) {
            return queue.fault();
        }
        assertThat(head).isNotEqualTo(Virtqueue.EMPTY);
        assertThat(queue.readChain(head, chain)).isEqualTo(queue.fault() == null);
        return queue.fault();
    }

    private ChainFault faultOfHead0() {
        return faultOf(ring.offer(0).activate(true, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE + 1, 1000, 0x7fff, 0x8000, 0xffff})
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void availIndexJumpsOrDecreases(int idx) {
        assertThat(faultOf(ring.availIdx(idx).activate(true, false))).isEqualTo(ChainFault.AVAIL_INDEX_JUMP);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void availIndexDecreasesAfterProgress() {
        Virtqueue queue = ring.desc(0, BUFFER, 1, 0, 0).offer(0).offer(0).activate(true, false);
        assertThat(faultOf(queue)).isNull();
        assertThat(faultOf(queue)).isNull();
        ring.availIdx(1);
        assertThat(faultOf(queue)).isEqualTo(ChainFault.AVAIL_INDEX_JUMP);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void availIndexAheadByExactlyTheSize_isLegal() {
        for (int i = 0; i < SIZE; i++) {
            ring.desc(i, BUFFER, 1, 0, 0).offer(i);
        }
        Virtqueue queue = ring.activate(true, false);
        for (int i = 0; i < SIZE; i++) {
            assertThat(queue.nextHead()).isEqualTo(i);
        }
        assertThat(queue.nextHead()).isEqualTo(Virtqueue.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, SIZE + 1, 0x7fff, 0x8000, 0xffff})
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void headOutOfRange(int head) {
        assertThat(faultOf(ring.offer(head).activate(true, false))).isEqualTo(ChainFault.HEAD_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, 0x8000, 0xffff})
    void nextOutOfRange(int next) {
        ring.desc(0, BUFFER, 1, NEXT, next);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.NEXT_OUT_OF_RANGE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.2")
    void loops() {
        ring.desc(0, BUFFER, 1, NEXT, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.CHAIN_TOO_LONG);

        ring.desc(1, BUFFER, 1, NEXT, 2).desc(2, BUFFER, 1, NEXT, 1).availIdx(0).offer(1);
        assertThat(faultOf(ring.activate(true, false))).isEqualTo(ChainFault.CHAIN_TOO_LONG);

        for (int i = 0; i < SIZE; i++) {
            ring.desc(i, BUFFER, 1, NEXT, (i + 1) % SIZE);
        }
        ring.availIdx(0).offer(3);
        assertThat(faultOf(ring.activate(true, false))).isEqualTo(ChainFault.CHAIN_TOO_LONG);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void loopInsideATable() {
        ring.desc(0, TABLE, 32, INDIRECT, 0);
        ring.entry(TABLE, BUFFER, 1, NEXT, 1);
        ring.entry(TABLE + 16, BUFFER, 1, NEXT, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.CHAIN_TOO_LONG);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void normalDescriptorsAndTableTogetherLongerThanTheQueue() {
        ring.desc(0, BUFFER, 1, NEXT, 1).desc(1, TABLE, 16L * SIZE, INDIRECT, 0);
        for (int i = 0; i < SIZE; i++) {
            ring.entry(TABLE + 16L * i, BUFFER, 1, i + 1 < SIZE ? NEXT : 0, i + 1);
        }
        assertThat(faultOfHead0()).isEqualTo(ChainFault.CHAIN_TOO_LONG);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.2")
    void zeroLength() {
        ring.desc(0, BUFFER, 0, 0, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.ZERO_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8000_0000L, 0xffff_ffffL})
    void descriptorOf2GiBOrMore(long len) {
        ring.desc(0, BUFFER, len, 0, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.DESCRIPTOR_TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -8, Long.MIN_VALUE, Long.MAX_VALUE, GuestMemories.BASE_GPA - 1})
    @SpecClause("VIRTIO-1.2 6.1")
    void bufferOutsideMemory(long gpa) {
        ring.desc(0, gpa, 16, 0, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.OUTSIDE_MEMORY);
    }

    @Test
    @SpecClause("VIRTIO-1.2 6.1")
    void bufferOrTableOverARegionEnd() {
        long end = GuestMemories.BASE_GPA + GuestMemories.REGION_BYTES;
        ring.desc(0, end - 8, 16, 0, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.OUTSIDE_MEMORY);

        ring.desc(0, end - 16, 32, INDIRECT, 0).availIdx(0).offer(0);
        assertThat(faultOf(ring.activate(true, false))).isEqualTo(ChainFault.OUTSIDE_MEMORY);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.4.2")
    void readableAfterWritable() {
        ring.desc(0, BUFFER, 1, NEXT | WRITE, 1).desc(1, BUFFER, 1, 0, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.READABLE_AFTER_WRITABLE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.4.2")
    void alternatingReadableAndWritable() {
        for (int i = 0; i < SIZE; i++) {
            int write = i % 2 == 0 ? 0 : WRITE;
            ring.desc(i, BUFFER, 1, write | (i + 1 < SIZE ? NEXT : 0), i + 1);
        }
        assertThat(faultOfHead0()).isEqualTo(ChainFault.READABLE_AFTER_WRITABLE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void indirectNotNegotiated() {
        ring.desc(0, TABLE, 16, INDIRECT, 0).offer(0);
        ring.entry(TABLE, BUFFER, 1, 0, 0);
        assertThat(faultOf(ring.activate(false, false))).isEqualTo(ChainFault.INDIRECT_NOT_NEGOTIATED);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void indirectNested() {
        ring.desc(0, TABLE, 16, INDIRECT, 0);
        ring.entry(TABLE, TABLE + 64, 16, INDIRECT, 0);
        ring.entry(TABLE + 64, BUFFER, 1, 0, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.INDIRECT_NESTED);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void indirectNestedToItself() {
        ring.desc(0, TABLE, 16, INDIRECT, 0);
        ring.entry(TABLE, TABLE, 16, INDIRECT, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.INDIRECT_NESTED);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void indirectAndNext() {
        ring.desc(0, TABLE, 16, INDIRECT | NEXT, 1).desc(1, BUFFER, 1, 0, 0);
        ring.entry(TABLE, BUFFER, 1, 0, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.INDIRECT_AND_NEXT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 17, 40, 16L * (SIZE + 1), 0xffff_fff0L, 0xffff_ffffL})
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void indirectTableLength(long len) {
        ring.desc(0, TABLE, len, INDIRECT, 0);
        assertThat(faultOfHead0()).isEqualTo(ChainFault.INDIRECT_TABLE_LENGTH);
    }

    /** Linux under QEMU with queue-size=64 made tables of 128 entries. */
    @Test
    void tableLargerThanRing_isReadWhereAccepted() {
        int entries = 2 * SIZE;
        for (int i = 0; i < entries; i++) {
            ring.entry(TABLE + 16L * i, BUFFER, 1, i + 1 < entries ? NEXT : 0, i + 1);
        }
        ring.desc(0, TABLE, 16L * entries, INDIRECT, 0);
        Virtqueue queue = ring.offer(0).activate(true, false);
        queue.acceptTables(entries);
        assertThat(faultOf(queue)).isNull();
        assertThat(chain.segments()).isEqualTo(entries);
    }

    @Test
    void loopInLargerTable_isFound() {
        int entries = 2 * SIZE;
        for (int i = 0; i < entries; i++) {
            ring.entry(TABLE + 16L * i, BUFFER, 1, NEXT, (i + 1) % entries);
        }
        ring.desc(0, TABLE, 16L * entries, INDIRECT, 0);
        Virtqueue queue = ring.offer(0).activate(true, false);
        queue.acceptTables(entries);
        assertThat(faultOf(queue)).isEqualTo(ChainFault.CHAIN_TOO_LONG);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.2")
    void chainOfMoreThan4GiB() {
        int count = 65;
        long bytes = 64L << 20;
        try (GuestMemory large = GuestMemories.one(bytes)) {
            RawSplitRing wide = new RawSplitRing(large, 128, GuestMemories.BASE_GPA);
            for (int i = 0; i < count; i++) {
                wide.desc(i, GuestMemories.BASE_GPA, bytes, (i < 32 ? 0 : WRITE) | (i + 1 < count ? NEXT : 0), i + 1);
            }
            assertThat(faultOf(wide.offer(0).activate(true, false))).isEqualTo(ChainFault.CHAIN_TOO_MANY_BYTES);

            wide.desc(count - 2, GuestMemories.BASE_GPA, bytes, WRITE, 0)
                    .availIdx(0)
                    .offer(0);
            assertThat(faultOf(wide.activate(true, false)))
                    .as("exactly 2^32 bytes")
                    .isNull();
        }
    }
}
