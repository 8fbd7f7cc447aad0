package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkFixture.RING_SIZE;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;
import static ringside.emulator.memory.GuestMemories.BASE_GPA;
import static ringside.emulator.virtqueue.RawSplitRing.NEXT;
import static ringside.emulator.virtqueue.RawSplitRing.WRITE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.virtqueue.RawSplitRing;

/** Queue registers, notifications and interrupts of the transport. */
class MmioQueueTest {
    private static final long V1 = VirtioFeatures.VIRTIO_F_VERSION_1;
    private static final long END = BASE_GPA + GuestMemories.REGION_BYTES;

    private final BlkFixture blk = new BlkFixture();
    private final RawSplitRing ring = blk.rings.getFirst();

    @AfterEach
    void close() {
        blk.close();
    }

    /** A flush: header and status only. */
    private void offerFlush() {
        blk.header(SCRATCH, BlkConstants.VIRTIO_BLK_T_FLUSH, 0);
        ring.desc(0, SCRATCH, 16, NEXT, 1).desc(1, SCRATCH + 64, 1, WRITE, 0).offer(0);
    }

    private boolean ready() {
        return blk.read(MmioRegisters.QUEUE_READY) == 1;
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.1.2", "VIRTIO-1.2 3.1.1"})
    void buffersBeforeDriverOk_areNotConsumed() {
        blk.negotiate(V1);
        blk.enable(0);
        assertThat(ready()).isTrue();
        offerFlush();
        blk.kick(0);
        assertThat(ring.usedIdx()).isZero();
        assertThat(blk.interrupts).isZero();
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
        blk.driverOk();
        blk.kick(0);
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(blk.interrupts).isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.1")
    void queueThatIsNotReady_isNotAccessed() {
        blk.negotiate(V1);
        blk.program(0, RING_SIZE, ring.descGpa, ring.availGpa, ring.usedGpa);
        blk.write(MmioRegisters.QUEUE_READY, 0);
        blk.driverOk();
        offerFlush();
        blk.kick(0);
        assertThat(ring.usedIdx()).isZero();
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.2")
    void queueStoppedUnderDriverOk_isNotAccessedAnyMore() {
        blk.start(0);
        blk.write(MmioRegisters.QUEUE_SEL, 0);
        blk.write(MmioRegisters.QUEUE_READY, 0);
        assertThat(ready()).isFalse();
        offerFlush();
        blk.kick(0);
        assertThat(ring.usedIdx()).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.2")
    void spuriousKicks_areHarmless() {
        blk.start(0);
        blk.kick(0);
        blk.kick(0);
        offerFlush();
        blk.kick(0);
        blk.kick(0);
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(blk.interrupts).isEqualTo(1);
        assertThat(blk.broken()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 63, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL})
    @SpecClause("VIRTIO-1.2 4.2.2")
    void queueThatDoesNotExist_isIgnored(long queue) {
        blk.start(0);
        blk.kick((int) queue);
        blk.write(MmioRegisters.QUEUE_SEL, queue);
        assertThat(blk.read(MmioRegisters.QUEUE_NUM_MAX)).isZero();
        assertThat(ready()).isFalse();
        blk.write(MmioRegisters.QUEUE_NUM, 4);
        blk.write(MmioRegisters.QUEUE_READY, 1);
        assertThat(ready()).isFalse();
        assertThat(blk.broken()).isFalse();
        blk.write(MmioRegisters.QUEUE_SEL, 0);
        assertThat(blk.read(MmioRegisters.QUEUE_NUM_MAX)).isEqualTo(RING_SIZE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.2")
    void queueRegistersWhileReady_doNotChange() {
        blk.start(0);
        blk.write(MmioRegisters.QUEUE_SEL, 0);
        int[] registers = {0x038, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4};
        for (int register : registers) {
            blk.write(register, 0xffff_ffffL);
        }
        blk.write(MmioRegisters.QUEUE_READY, 2);
        blk.write(MmioRegisters.QUEUE_READY, 1);
        assertThat(ready()).isTrue();
        offerFlush();
        blk.kick(0);
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(blk.broken()).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.1")
    void interruptBits_stayUntilAcknowledged() {
        blk.start(0);
        offerFlush();
        blk.kick(0);
        ring.availIdx(0x8000);
        blk.kick(0);
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(3);
        blk.write(MmioRegisters.INTERRUPT_ACK, 1);
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(2);
        blk.write(MmioRegisters.INTERRUPT_ACK, 0xffff_fffcL);
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(2);
        blk.write(MmioRegisters.INTERRUPT_ACK, 0xffff_ffffL);
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.1.2")
    void brokenQueueUnderDriverOk_setsNeedsResetAndSendsAConfigurationNotification() {
        blk.start(0);
        ring.offer(RING_SIZE);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(2);
        assertThat(blk.interrupts).isEqualTo(1);
        assertThat(blk.transport.lastFault()).contains("disk0/queue0").contains("head");
        ring.availIdx(0);
        offerFlush();
        blk.kick(0);
        assertThat(ring.usedIdx()).as("nothing is consumed until reset").isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, 6, RING_SIZE * 2, RING_SIZE + 1, 0x8000_0000L, 0xffff_ffffL})
    @SpecClause("VIRTIO-1.2 4.2.2.2")
    void impossibleQueueSize_isRefused(long num) {
        blk.negotiate(V1);
        blk.program(0, num, ring.descGpa, ring.availGpa, ring.usedGpa);
        assertThat(ready()).isFalse();
        assertThat(blk.broken()).isTrue();
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS))
                .as("no notification before DRIVER_OK")
                .isZero();
    }

    @Test
    void smallerQueueThanTheMaximum_works() {
        RawSplitRing small = new RawSplitRing(blk.memory, 2, BASE_GPA + 0x40000);
        blk.negotiate(V1);
        blk.program(0, 2, small.descGpa, small.availGpa, small.usedGpa);
        blk.driverOk();
        blk.header(SCRATCH, BlkConstants.VIRTIO_BLK_T_FLUSH, 0);
        small.desc(0, SCRATCH, 16, NEXT, 1).desc(1, SCRATCH + 64, 1, WRITE, 0).offer(0);
        blk.kick(0);
        assertThat(small.usedIdx()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0x40000001,0x40010000,0x40020000", "0x40000002,0x40010000,0x40020000", "0x40000008,0x40010000,0x40020000",
        "0x40000000,0x40010001,0x40020000", "0x40000000,0x40010000,0x40020002", "0x40000000,0x40010000,0x40020001",
        "0x40000000,0x40000000,0x40020000", "0x40000000,0x40010000,0x40010010", "0x40000000,0x40020000,0x400007fc",
        "0x0,0x40010000,0x40020000", "0x40000000,0x0,0x40020000", "0x40000000,0x40010000,0x0",
        "0x403ffff0,0x40010000,0x40020000", "0x40000000,0x403ffffe,0x40020000", "0x40000000,0x40010000,0x403ffffc",
        "0xfffffffffffff000,0x40010000,0x40020000", "0x8000000040000000,0x40010000,0x40020000"
    })
    @SpecClause({"VIRTIO-1.2 2.7.1", "VIRTIO-1.2 6.1"})
    void misalignedOverlappingOrUnmappedRing_needsAReset(String desc, String avail, String used) {
        blk.negotiate(V1);
        blk.program(0, RING_SIZE, gpa(desc), gpa(avail), gpa(used));
        assertThat(ready()).isFalse();
        assertThat(blk.broken()).isTrue();
        blk.driverOk();
        blk.kick(0);
        assertThat(ring.usedIdx()).isZero();
        blk.write(MmioRegisters.STATUS, 0);
        blk.start(0);
        offerFlush();
        blk.kick(0);
        assertThat(ring.usedIdx()).as("a reset repairs it").isEqualTo(1);
    }

    private static long gpa(String hex) {
        return Long.parseUnsignedLong(hex.substring(2), 16);
    }

    @Test
    void ringAtTheVeryEndOfMemory_isAccepted() {
        long used = END - 8L * RING_SIZE - 6 & -4L;
        blk.negotiate(V1);
        blk.program(0, RING_SIZE, BASE_GPA, BASE_GPA + 0x10000, used);
        assertThat(ready()).isTrue();
    }

    @Test
    @SpecClause("VIRTIO-1.2 3.1.1")
    void queueReadyBeforeFeaturesOk_needsAReset() {
        blk.write(MmioRegisters.STATUS, BlkFixture.ACK_AND_DRIVER);
        blk.enable(0);
        assertThat(ready()).isFalse();
        assertThat(blk.broken()).isTrue();
        assertThat(blk.read(MmioRegisters.STATUS) & DeviceStatus.DRIVER_OK).isZero();
    }
}
