package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkFixture.RING_SIZE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.virtqueue.RawSplitRing;

/** The device MUSTs of VIRTIO-1.2 §4.1.4.3.1, one test each, and of §2.6.1 where the common configuration decides them. */
class PciCommonConfigMustTest {
    private static final long V1 = VirtioFeatures.VIRTIO_F_VERSION_1;
    private static final BlkOptions PACKED =
            new BlkOptions(512, 0, 0, 0, 0, 0, true, true, false, 1 << 21, 1, 0, true, false);

    private static final long RESETTABLE = VirtioFeatures.VIRTIO_F_RING_RESET;

    private final PciFixture pci = new PciFixture();

    @AfterEach
    void close() {
        pci.close();
    }

    private long enabled(int queue) {
        pci.select(queue);
        return pci.common(0x1c, 2);
    }

    private long resetting() {
        return pci.common(0x3a, 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 0x7fff_ffffL, 0xffff_ffffL})
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void offeredFeatures_startAtBitSelectTimes32(long beyond) {
        assertThat(pci.offered()).isEqualTo(pci.blk.offered() | VirtioFeatures.VIRTIO_F_NOTIF_CONFIG_DATA);
        pci.common(0, 4, beyond);
        assertThat(pci.common(0, 4)).isEqualTo(beyond);
        assertThat(pci.common(4, 4)).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void validFeaturesThatTheDriverWrote_areRead() {
        long chosen = V1 | BlkConstants.VIRTIO_BLK_F_FLUSH | RESETTABLE;
        pci.negotiate(chosen);
        pci.common(8, 4, 0);
        assertThat(pci.common(12, 4)).isEqualTo(chosen & 0xffff_ffffL);
        pci.common(8, 4, 1);
        assertThat(pci.common(12, 4)).isEqualTo(chosen >>> 32);
        pci.common(8, 4, 2);
        assertThat(pci.common(12, 4)).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void generation_changesWhenSomethingNewHasBeenRead() {
        pci.start(0);
        pci.device(0, 4);
        long before = pci.common(0x15, 1);
        pci.device(0, 4);
        assertThat(pci.common(0x15, 1)).as("nothing changed").isEqualTo(before);
        for (int change = 1; change <= 600; change++) {
            resize(BlkFixture.DISK_BYTES / 2 + 512L * (change % 7));
            if (change % 256 == 0) {
                assertThat(pci.device(0, 4)).isEqualTo(BlkFixture.DISK_BYTES / 1024 + change % 7);
                assertThat(pci.common(0x15, 1))
                        .as("8 bits have wrapped meanwhile")
                        .isNotEqualTo(before);
                before = pci.common(0x15, 1);
            }
        }
    }

    private void resize(long bytes) {
        pci.blk.lock.lock();
        try {
            pci.blk.device.resize(bytes);
        } finally {
            pci.blk.lock.unlock();
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void zeroInDeviceStatus_resetsAndReads0() {
        pci.start(RESETTABLE);
        pci.ring(0).availIdx(0x8000);
        pci.kick(0);
        assertThat(pci.broken()).isTrue();
        pci.status(0);
        assertThat(pci.status()).isZero();
        assertThat(pci.common(0x16, 2)).as("queue_select").isZero();
        assertThat(pci.isr()).isZero();
        pci.common(8, 4, 1);
        assertThat(pci.common(12, 4)).as("driver_feature").isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueEnable_is0OnReset() {
        pci.start(0);
        assertThat(enabled(0)).isEqualTo(1);
        assertThat(enabled(1)).isEqualTo(1);
        pci.status(0);
        assertThat(enabled(0)).isZero();
        assertThat(enabled(1)).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueReset_is0OnReset() {
        pci.start(RESETTABLE);
        pci.blk.node.hold();
        pci.flush(0);
        pci.blk.whileDraining(() -> pci.status(0));
        pci.select(0);
        pci.common(0x3a, 2, 1);
        assertThat(pci.status())
                .as("the reset that came while the queue was being reset")
                .isZero();
        assertThat(resetting()).isZero();
        assertThat(enabled(0)).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueReset_is0AfterTheQueueIsEnabled() {
        pci.start(RESETTABLE);
        pci.select(0);
        pci.common(0x3a, 2, 1);
        pci.enable(0);
        assertThat(resetting()).isZero();
        assertThat(enabled(0)).isEqualTo(1);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 4.1.4.3.1", "VIRTIO-1.2 2.6.1.1.1"})
    void oneInQueueReset_resetsTheQueueAlone() {
        pci.start(RESETTABLE);
        pci.flush(0);
        assertThat(pci.ring(0).usedIdx()).isEqualTo(1);
        pci.select(0);
        pci.common(0x1a, 2, 2);
        pci.common(0x3a, 2, 1);
        assertThat(pci.common(0x18, 2)).isEqualTo(RING_SIZE);
        assertThat(pci.common(0x20, 8) | pci.common(0x28, 8) | pci.common(0x30, 8))
                .isZero();
        assertThat(pci.common(0x1a, 2)).isEqualTo(PciFixture.NO_VECTOR);
        pci.offerFlush(0, 2);
        pci.kick(0);
        assertThat(pci.ring(0).usedIdx())
                .as("a queue that was reset does nothing")
                .isEqualTo(1);
        pci.flush(1);
        assertThat(pci.ring(1).usedIdx()).as("the other queue works on").isEqualTo(1);
        assertThat(pci.broken()).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueReset_is1AsLongAsRequestsAreInFlight() {
        pci.start(RESETTABLE);
        pci.blk.node.hold();
        pci.flush(0);
        long[] seen = new long[2];
        pci.blk.whileDraining(() -> {
            seen[0] = resetting();
            pci.common(0x1c, 2, 1);
            pci.common(0x18, 2, 2);
            seen[1] = pci.common(0x18, 2);
        });
        pci.select(0);
        pci.common(0x3a, 2, 1);
        assertThat(seen[0]).isEqualTo(1);
        assertThat(seen[1]).as("registers stand meanwhile").isEqualTo(RING_SIZE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueResetAndQueueEnable_are0WhenTheResetIsComplete() {
        pci.start(RESETTABLE);
        pci.blk.node.hold();
        pci.flush(0);
        pci.select(0);
        pci.common(0x3a, 2, 1);
        assertThat(pci.blk.node.waiting()).isZero();
        assertThat(resetting()).isZero();
        assertThat(pci.common(0x1c, 2)).isZero();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.6.1.1.1", "VIRTIO-1.2 2.6.1.2.1"})
    void queueEnabledAgain_beginsAt0WithItsNewConfiguration() {
        pci.start(RESETTABLE);
        pci.flush(0);
        pci.flush(0);
        pci.select(0);
        pci.common(0x3a, 2, 1);
        RawSplitRing small = new RawSplitRing(pci.blk.memory, 4, GuestMemories.BASE_GPA + 0x40000);
        pci.program(0, 4, small.descGpa, small.availGpa, small.usedGpa);
        long gpa = BlkFixture.SCRATCH + 0x8000;
        pci.blk.header(gpa, BlkConstants.VIRTIO_BLK_T_FLUSH, 0);
        small.desc(0, gpa, 16, 1, 1).desc(1, gpa + 64, 1, 2, 0).offer(0);
        pci.kick(0);
        assertThat(small.usedIdx()).isEqualTo(1);
        assertThat(pci.ring(0).usedIdx()).as("the old ring").isEqualTo(2);
        assertThat(pci.broken()).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueResetWithoutTheFeature_doesNothing() {
        pci.start(0);
        pci.select(0);
        pci.common(0x3a, 2, 1);
        assertThat(pci.common(0x1c, 2)).isEqualTo(1);
        pci.flush(0);
        assertThat(pci.ring(0).usedIdx()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 63, 0x7fff, 0x8000, 0xffff})
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueSize_is0WhereThereIsNoQueue(int queue) {
        pci.select(queue);
        assertThat(pci.common(0x18, 2)).isZero();
        assertThat(pci.common(0x1a, 2)).isEqualTo(PciFixture.NO_VECTOR);
        assertThat(pci.common(0x1c, 2) | pci.common(0x3a, 2)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 6, 127, 129, RING_SIZE * 2, 0x8000, 0xffff})
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void queueSize_isAPowerOfTwoWhateverIsWritten(int size) {
        pci.select(0);
        pci.common(0x18, 2, size);
        assertThat(pci.common(0x18, 2)).isEqualTo(RING_SIZE);
        pci.common(0x18, 2, 16);
        pci.common(0x18, 2, size);
        assertThat(pci.common(0x18, 2)).isEqualTo(16);
    }

    /** The rule of the power of two is the split ring's. */
    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.2")
    void queueSizeOfAPackedRing_isAnyNumber() {
        try (PciFixture packed = new PciFixture(BlkFixture.settings(PACKED), 2)) {
            packed.common(0x18, 2, 5);
            assertThat(packed.common(0x18, 2)).as("not negotiated yet").isEqualTo(RING_SIZE);
            packed.negotiate(V1 | VirtioFeatures.VIRTIO_F_RING_PACKED);
            packed.common(0x18, 2, 5);
            assertThat(packed.common(0x18, 2)).isEqualTo(5);
            packed.common(0x18, 2, 0);
            packed.common(0x18, 2, RING_SIZE + 1);
            assertThat(packed.common(0x18, 2)).isEqualTo(5);
        }
    }

    /** Only where it was negotiated does the field exist (§4.1.4.3). */
    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3")
    void queueNotifyData_isTheQueueWhereNegotiated() {
        pci.negotiate(V1 | VirtioFeatures.VIRTIO_F_NOTIF_CONFIG_DATA);
        pci.select(1);
        assertThat(pci.common(0x38, 2)).isEqualTo(1);
        pci.status(0);
        pci.negotiate(V1);
        pci.select(1);
        assertThat(pci.common(0x38, 2)).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.2")
    void readOnlyFields_standWhateverIsWritten() {
        for (int[] field : new int[][] {{0x04, 4}, {0x12, 2}, {0x15, 1}, {0x1e, 2}, {0x38, 2}}) {
            long before = pci.common(field[0], field[1]);
            pci.common(field[0], field[1], ~before);
            assertThat(pci.common(field[0], field[1])).isEqualTo(before);
        }
        pci.start(0);
        pci.select(0);
        pci.common(0x1c, 2, 0);
        assertThat(pci.common(0x1c, 2)).as("queue_enable cannot be cleared").isEqualTo(1);
    }
}
