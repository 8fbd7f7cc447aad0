package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkFixture.RING_SIZE;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;
import static ringside.emulator.virtqueue.RawSplitRing.NEXT;
import static ringside.emulator.virtqueue.RawSplitRing.WRITE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.device.blk.RecordingNode;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.virtqueue.RawSplitRing;

/** VIRTIO_F_RING_RESET and VIRTIO_F_NOTIFICATION_DATA over virtio-mmio. */
class MmioQueueResetTest {
    private static final long RESETTABLE = VirtioFeatures.VIRTIO_F_RING_RESET;
    private static final int QUEUE_RESET = 0x0c0;
    private static final int QUEUE_READY = 0x044;

    private final BlkFixture blk =
            new BlkFixture(BlkFixture.settings(2, true, true), new RecordingNode(BlkFixture.DISK_BYTES, false, true));

    @AfterEach
    void close() {
        blk.close();
    }

    private void offerFlush(RawSplitRing ring, int first) {
        long gpa = SCRATCH + 0x100L * first;
        blk.header(gpa, BlkConstants.VIRTIO_BLK_T_FLUSH, 0);
        ring.desc(first, gpa, 16, NEXT, first + 1)
                .desc(first + 1, gpa + 64, 1, WRITE, 0)
                .offer(first);
    }

    private void resetQueue(int queue) {
        blk.write(MmioRegisters.QUEUE_SEL, queue);
        blk.write(QUEUE_RESET, 1);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 4.2.2.1", "VIRTIO-1.2 2.6.1.1.1"})
    void queueThatWasReset_isNeitherServedNorNotified() {
        blk.start(RESETTABLE);
        resetQueue(0);
        assertThat(blk.read(QUEUE_RESET)).isZero();
        assertThat(blk.read(QUEUE_READY)).isZero();
        offerFlush(blk.rings.get(0), 0);
        blk.kick(0);
        assertThat(blk.rings.get(0).usedIdx()).isZero();
        assertThat(blk.interrupts).isZero();
        offerFlush(blk.rings.get(1), 4);
        blk.kick(1);
        assertThat(blk.rings.get(1).usedIdx()).as("the other queue works on").isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.1")
    void queueReset_is1AsLongAsRequestsAreInFlight() {
        blk.start(RESETTABLE);
        blk.node.hold();
        offerFlush(blk.rings.get(0), 0);
        blk.kick(0);
        long[] seen = new long[2];
        blk.whileDraining(() -> {
            seen[0] = blk.read(QUEUE_RESET);
            seen[1] = blk.read(QUEUE_READY);
        });
        resetQueue(0);
        assertThat(seen).containsExactly(1, 1);
        assertThat(blk.read(QUEUE_RESET)).isZero();
        assertThat(blk.read(QUEUE_READY)).isZero();
        assertThat(blk.node.waiting()).isZero();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 4.2.2.1", "VIRTIO-1.2 2.6.1.2.1"})
    void queueMadeReadyAgain_beginsAt0WithItsNewSize() {
        blk.start(RESETTABLE);
        offerFlush(blk.rings.get(0), 0);
        blk.kick(0);
        resetQueue(0);
        RawSplitRing small = new RawSplitRing(blk.memory, 8, GuestMemories.BASE_GPA + 0x40000);
        blk.program(0, 8, small.descGpa, small.availGpa, small.usedGpa);
        assertThat(blk.read(QUEUE_READY)).isEqualTo(1);
        assertThat(blk.read(QUEUE_RESET)).isZero();
        offerFlush(small, 2);
        blk.kick(0);
        assertThat(small.usedIdx()).isEqualTo(1);
        assertThat(small.usedId(0)).isEqualTo(2);
        assertThat(blk.broken()).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.1")
    void queueReset_is0OnReset() {
        blk.start(RESETTABLE);
        blk.node.hold();
        offerFlush(blk.rings.get(0), 0);
        blk.kick(0);
        blk.whileDraining(() -> blk.write(MmioRegisters.STATUS, 0));
        resetQueue(0);
        assertThat(blk.read(MmioRegisters.STATUS)).isZero();
        assertThat(blk.read(QUEUE_RESET)).isZero();
        assertThat(blk.read(QUEUE_READY)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 0xffff_ffffL})
    void otherValues_doNotReset(long value) {
        blk.start(RESETTABLE);
        blk.write(MmioRegisters.QUEUE_SEL, 0);
        blk.write(QUEUE_RESET, value);
        assertThat(blk.read(QUEUE_READY)).isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.1")
    void queueResetWithoutTheFeature_doesNothing() {
        blk.start(0);
        resetQueue(0);
        assertThat(blk.read(QUEUE_READY)).isEqualTo(1);
        offerFlush(blk.rings.get(0), 0);
        blk.kick(0);
        assertThat(blk.rings.get(0).usedIdx()).isEqualTo(1);
    }

    @Test
    void resetOfAQueueThatDoesNotExist_isIgnored() {
        blk.start(RESETTABLE);
        resetQueue(2);
        resetQueue(-1);
        assertThat(blk.read(QUEUE_RESET)).isZero();
        assertThat(blk.broken()).isFalse();
    }

    /** The device broke on one queue, so no queue goes on until the device is reset. */
    @Test
    @SpecClause("VIRTIO-1.2 2.1.2")
    void queueResetOfABrokenDevice_doesNotRepairIt() {
        blk.start(RESETTABLE);
        blk.rings.get(0).offer(RING_SIZE);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        resetQueue(0);
        resetQueue(1);
        blk.rings.get(1).availIdx(0);
        blk.enable(1);
        offerFlush(blk.rings.get(1), 0);
        blk.kick(1);
        assertThat(blk.rings.get(1).usedIdx()).isZero();
        assertThat(blk.broken()).isTrue();
    }

    /** Before, stopping one queue stopped them all. */
    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.2")
    void queueThatIsStopped_leavesTheOtherAlone() {
        blk.start(0);
        blk.write(MmioRegisters.QUEUE_SEL, 0);
        blk.write(QUEUE_READY, 0);
        assertThat(blk.read(QUEUE_READY)).isZero();
        offerFlush(blk.rings.get(1), 0);
        blk.kick(1);
        assertThat(blk.rings.get(1).usedIdx()).isEqualTo(1);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 4.2.2", "VIRTIO-1.2 2.9"})
    void kickWithNotificationData_namesItsQueueInTheLower16Bits() {
        blk.start(VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA);
        offerFlush(blk.rings.get(1), 0);
        blk.kick(0x8001_0000 | 1);
        assertThat(blk.rings.get(1).usedIdx()).isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2")
    void kickWithoutNotificationData_isAWholeNumber() {
        blk.start(0);
        offerFlush(blk.rings.get(1), 0);
        blk.kick(0x0001_0000 | 1);
        assertThat(blk.rings.get(1).usedIdx()).isZero();
    }
}
