package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.virtqueue.RawPackedRing.AVAIL;
import static ringside.emulator.virtqueue.RawPackedRing.INDIRECT;
import static ringside.emulator.virtqueue.RawPackedRing.NEXT;
import static ringside.emulator.virtqueue.RawPackedRing.USED;
import static ringside.emulator.virtqueue.RawPackedRing.WRITE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** Each way in which a guest can lay a packed ring or a list out wrongly is named, and none is followed. */
class PackedChainFaultTest {
    private static final int SIZE = 8;
    private static final long BUFFER = GuestMemories.BASE_GPA + 0x10000;
    private static final long TABLE = GuestMemories.BASE_GPA + 0x20000;

    private final GuestMemory memory = GuestMemories.two();
    private final RawPackedRing ring = new RawPackedRing(memory, SIZE, GuestMemories.BASE_GPA);
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

    private ChainFault faultOfRing() {
        return faultOf(ring.activate(true, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, SIZE + 1, 0x7fff, 0x8000, 0xffff})
    void bufferIdBeyondTheQueue(int id) {
        ring.offer(0, BUFFER, 1, id, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.HEAD_OUT_OF_RANGE);
    }

    @Test
    void bufferIdOfAnyButTheLastDescriptor_isIgnored() {
        ring.offer(0, BUFFER, 1, 0xffff, NEXT).offer(1, BUFFER, 1, 5, 0);
        Virtqueue queue = ring.activate(true, false);
        assertThat(queue.nextHead()).isEqualTo(5);
    }

    @Test
    void bufferIdReusedWhilePending() {
        ring.offer(0, BUFFER, 1, 3, 0).offer(1, BUFFER, 1, 3, 0);
        Virtqueue queue = ring.activate(true, false);
        assertThat(faultOf(queue)).isNull();
        assertThat(faultOf(queue)).isEqualTo(ChainFault.HEAD_PENDING);
    }

    @Test
    void bufferIdReusedAfterItWasUsed_isLegal() {
        ring.offer(0, BUFFER, 1, 3, 0).offer(1, BUFFER, 1, 3, 0);
        Virtqueue queue = ring.activate(true, false);
        assertThat(faultOf(queue)).isNull();
        queue.addUsed(3, 0);
        queue.publishUsed();
        assertThat(faultOf(queue)).isNull();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.17")
    void listOfExactlyTheQueueSize_isLegal() {
        for (int i = 0; i < SIZE; i++) {
            ring.offer(i, BUFFER, 1, 0, i + 1 < SIZE ? NEXT : 0);
        }
        assertThat(faultOfRing()).isNull();
        assertThat(chain.segments()).isEqualTo(SIZE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.17")
    void listLongerThanTheQueue() {
        for (int i = 0; i < SIZE; i++) {
            ring.offer(i, BUFFER, 1, 0, NEXT);
        }
        assertThat(faultOfRing()).isEqualTo(ChainFault.CHAIN_TOO_LONG);
    }

    /** The guest rewrites what the device owns, so that the list seems to go on in the next lap. */
    @Test
    @SpecClause({"VIRTIO-1.2 2.8.16", "VIRTIO-1.2 2.8.17"})
    void listOverTheWrapIntoDescriptorsThatTheDeviceOwns() {
        ring.offer(0, BUFFER, 1, 0, 0);
        Virtqueue queue = ring.activate(true, false);
        assertThat(faultOf(queue)).isNull();
        for (int i = 1; i < SIZE; i++) {
            ring.offer(i, BUFFER, 1, 1, NEXT);
        }
        ring.desc(0, BUFFER, 1, 1, USED);
        assertThat(faultOf(queue)).isEqualTo(ChainFault.RING_OVERRUN);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.16")
    void fullRing_offeredOnceMore() {
        Virtqueue queue = ring.activate(true, false);
        for (int i = 0; i < SIZE; i++) {
            ring.offer(i, BUFFER, 1, i, 0);
            assertThat(faultOf(queue)).isNull();
        }
        assertThat(queue.nextHead()).isEqualTo(Virtqueue.EMPTY);
        ring.desc(0, BUFFER, 1, 0, USED);
        assertThat(faultOf(queue)).isEqualTo(ChainFault.RING_OVERRUN);
    }

    /** Used, but the driver cannot know yet: the descriptors still belong to the device. */
    @Test
    @SpecClause("VIRTIO-1.2 2.8.16")
    void descriptorsOfferedAgainBeforeTheirUseIsVisible() {
        Virtqueue queue = ring.activate(true, false);
        for (int i = 0; i < SIZE; i++) {
            ring.offer(i, BUFFER, 1, i, 0);
            assertThat(faultOf(queue)).isNull();
            queue.addUsed(i, 1);
        }
        ring.desc(0, BUFFER, 1, 0, USED);
        assertThat(faultOf(queue)).isEqualTo(ChainFault.RING_OVERRUN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, USED, AVAIL | USED})
    @SpecClause({"VIRTIO-1.2 2.8.15", "VIRTIO-1.2 2.8.17"})
    void listThatGoesOnInADescriptorThatIsNotAvailable(int owner) {
        ring.offer(0, BUFFER, 1, 0, NEXT).desc(1, BUFFER, 1, 0, owner);
        assertThat(faultOfRing()).isEqualTo(ChainFault.LIST_INCOMPLETE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, USED, AVAIL | USED})
    @SpecClause("VIRTIO-1.2 2.8.15")
    void firstDescriptorNotAvailable_isNoBuffer(int owner) {
        ring.desc(0, BUFFER, 1, 0, owner);
        assertThat(ring.activate(true, false).nextHead()).isEqualTo(Virtqueue.EMPTY);
    }

    @Test
    void zeroLength() {
        ring.offer(0, BUFFER, 0, 0, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.ZERO_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8000_0000L, 0xffff_ffffL})
    void descriptorOf2GiBOrMore(long len) {
        ring.offer(0, BUFFER, len, 0, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.DESCRIPTOR_TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -8, Long.MIN_VALUE, Long.MAX_VALUE, GuestMemories.BASE_GPA - 1})
    @SpecClause("VIRTIO-1.2 6.1")
    void bufferOutsideMemory(long gpa) {
        ring.offer(0, gpa, 16, 0, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.OUTSIDE_MEMORY);
    }

    @Test
    @SpecClause("VIRTIO-1.2 6.1")
    void bufferOrTableOverARegionEnd() {
        long end = GuestMemories.BASE_GPA + GuestMemories.REGION_BYTES;
        ring.offer(0, end - 8, 16, 0, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.OUTSIDE_MEMORY);
        ring.offer(0, end - 16, 32, 0, INDIRECT);
        assertThat(faultOfRing()).isEqualTo(ChainFault.OUTSIDE_MEMORY);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.17")
    void readableAfterWritable() {
        ring.offer(0, BUFFER, 1, 0, NEXT | WRITE).offer(1, BUFFER, 1, 0, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.READABLE_AFTER_WRITABLE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.17")
    void readableAfterWritableInATable() {
        ring.offer(0, TABLE, 32, 0, INDIRECT);
        ring.entry(TABLE, BUFFER, 1, 0, WRITE);
        ring.entry(TABLE + 16, BUFFER, 1, 0, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.READABLE_AFTER_WRITABLE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.19")
    void indirectNotNegotiated() {
        ring.offer(0, TABLE, 16, 0, INDIRECT);
        ring.entry(TABLE, BUFFER, 1, 0, 0);
        assertThat(faultOf(ring.activate(false, false))).isEqualTo(ChainFault.INDIRECT_NOT_NEGOTIATED);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.19")
    void indirectAnywhereInAList() {
        ring.offer(0, TABLE, 16, 0, INDIRECT | NEXT).offer(1, BUFFER, 1, 0, 0);
        ring.entry(TABLE, BUFFER, 1, 0, 0);
        assertThat(faultOfRing()).isEqualTo(ChainFault.INDIRECT_AND_NEXT);
        ring.offer(0, BUFFER, 1, 0, NEXT).offer(1, TABLE, 16, 0, INDIRECT);
        assertThat(faultOfRing()).isEqualTo(ChainFault.INDIRECT_AND_NEXT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 17, 40, 16L * (SIZE + 1), 0xffff_fff0L, 0xffff_ffffL})
    @SpecClause("VIRTIO-1.2 2.8.7")
    void indirectTableLength(long len) {
        ring.offer(0, TABLE, len, 0, INDIRECT);
        assertThat(faultOfRing()).isEqualTo(ChainFault.INDIRECT_TABLE_LENGTH);
    }

    /** Every flag but WRITE, and every id, is ignored inside a table; so is WRITE of the descriptor that refers to it. */
    @Test
    @SpecClause("VIRTIO-1.2 2.8.7")
    void flagsInATable_areIgnoredButWrite() {
        ring.offer(0, TABLE, 48, 2, INDIRECT | WRITE);
        ring.entry(TABLE, BUFFER, 16, 0xffff, 0xffff & ~WRITE);
        ring.entry(TABLE + 16, BUFFER + 64, 512, 7, WRITE | INDIRECT | NEXT);
        ring.entry(TABLE + 32, BUFFER + 1024, 1, 0, WRITE);
        assertThat(faultOfRing()).isNull();
        assertThat(chain.segments()).isEqualTo(3);
        assertThat(chain.readableBytes()).isEqualTo(16);
        assertThat(chain.writableBytes()).isEqualTo(513);
    }

    @Test
    void tableLargerThanRing_isReadWhereAccepted() {
        int entries = 2 * SIZE;
        for (int i = 0; i < entries; i++) {
            ring.entry(TABLE + 16L * i, BUFFER, 1, 0, 0);
        }
        ring.offer(0, TABLE, 16L * entries, 0, INDIRECT);
        Virtqueue queue = ring.activate(true, false);
        queue.acceptTables(entries);
        assertThat(faultOf(queue)).isNull();
        assertThat(chain.segments()).isEqualTo(entries);
    }

    /** Tables need no alignment: only the parts of the ring do. */
    @Test
    void tableAtAnOddAddress_isRead() {
        ring.offer(0, TABLE + 3, 16, 0, INDIRECT);
        ring.entry(TABLE + 3, BUFFER + 1, 7, 0, WRITE);
        assertThat(faultOfRing()).isNull();
        assertThat(chain.lengths()[0]).isEqualTo(7);
    }
}
