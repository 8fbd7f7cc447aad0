package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_FLUSH;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.SpecClause;
import ringside.emulator.transport.MmioRegisters;
import ringside.emulator.virtqueue.RawSplitRing;

/** Requests in flight: completion order, heads used twice, reset, and a device that broke. */
class BlkLifecycleTest {
    private static final long DATA = SCRATCH + 0x10000;

    private final BlkFixture blk =
            new BlkFixture(BlkFixture.settings(2, true, true), new RecordingNode(DISK_BYTES, false, true));
    private final RawSplitRing ring = blk.rings.getFirst();

    @AfterEach
    void close() {
        blk.close();
    }

    /** Offers a read of one sector with three descriptors from one index on. */
    private void offerRead(int queue, int first) {
        long scratch = SCRATCH + 64L * first + 0x4000L * queue;
        blk.header(scratch, VIRTIO_BLK_T_IN, first);
        new BlkChain(blk)
                .readable(scratch, 16)
                .writable(DATA + 512L * first, 512)
                .writable(scratch + 32, 1)
                .offer(queue, first);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.8.2")
    void completions_appearWhenTheBlockLayerEndsThem() {
        blk.startWithAll();
        blk.node.hold();
        offerRead(0, 3);
        offerRead(0, 9);
        blk.kick(0);
        assertThat(ring.usedIdx()).isZero();
        assertThat(blk.node.waiting()).isEqualTo(2);
        blk.completeOne();
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(ring.usedId(0)).isEqualTo(3);
        assertThat(ring.usedLen(0)).isEqualTo(513);
        assertThat(blk.interrupts).isEqualTo(1);
        blk.completeOne();
        assertThat(ring.usedId(1)).isEqualTo(9);
        assertThat(ring.bytes(DATA + 512 * 9, 512)).isEqualTo(blk.node.bytes(9 * 512, 512));
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void headPublishedAgainWhilePending_breaksTheDeviceAndCompletesOnce() {
        blk.startWithAll();
        blk.node.hold();
        offerRead(0, 0);
        blk.kick(0);
        ring.offer(0);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertThat(blk.transport.lastFault()).contains("pending");
        blk.completeOne();
        assertThat(blk.node.waiting()).isZero();
        assertThat(ring.usedIdx()).isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void headPublishedTwiceAtOnce_breaksTheDevice() {
        blk.startWithAll();
        blk.node.hold();
        offerRead(0, 0);
        ring.offer(0);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertThat(blk.node.waiting()).isEqualTo(1);
        blk.completeOne();
        assertThat(ring.usedIdx()).isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.1.2")
    void brokenQueue_stopsTheWholeDevice() {
        blk.startWithAll();
        ring.offer(BlkFixture.RING_SIZE);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        offerRead(1, 0);
        blk.kick(1);
        assertThat(blk.rings.get(1).usedIdx())
                .as("nothing is consumed until reset")
                .isZero();
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    @SpecClause("VIRTIO-1.2 3.3.1")
    void headerRewrittenAfterPop_doesNotChangeTheRequest() {
        blk.startWithAll();
        blk.node.hold();
        offerRead(0, 0);
        blk.kick(0);
        blk.header(SCRATCH, BlkConstants.VIRTIO_BLK_T_OUT, 100);
        ring.desc(0, -1, 0xffff_ffffL, 7, 0xffff).desc(1, -1, 0, 0, 0).desc(2, 0, 0, 0, 0);
        blk.completeOne();
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(ring.bytes(DATA, 512)).isEqualTo(blk.node.bytes(0, 512));
        assertThat(blk.node.bytes(0, 1)[0]).isEqualTo(RecordingNode.original(0));
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.4.1")
    void resetWithRequestsInFlight_drainsAndThenTouchesNoMemory() {
        blk.startWithAll();
        blk.node.hold();
        offerRead(0, 0);
        offerRead(0, 3);
        offerRead(1, 6);
        blk.kick(0);
        blk.kick(1);
        blk.write(MmioRegisters.STATUS, 0);
        assertThat(blk.node.waiting()).as("drained").isZero();
        assertThat(blk.read(MmioRegisters.STATUS)).isZero();
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
        int interrupts = blk.interrupts;
        byte[] poison = new byte[0x20000];
        Arrays.fill(poison, (byte) 0x77);
        ring.put(ring.descGpa, poison);
        ring.put(SCRATCH, poison);
        blk.kick(0);
        blk.kick(1);
        assertThat(ring.bytes(ring.descGpa, poison.length)).isEqualTo(poison);
        assertThat(ring.bytes(SCRATCH, poison.length)).isEqualTo(poison);
        assertThat(blk.interrupts).isEqualTo(interrupts);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.4.1", "VIRTIO-1.2 3.1.1"})
    void secondLifeAfterReset_startsFromFreshIndices() {
        for (int life = 0; life < 3; life++) {
            blk.startWithAll();
            for (int i = 0; i <= life; i++) {
                offerRead(0, 3 * i);
            }
            blk.kick(0);
            assertThat(ring.usedIdx()).isEqualTo(life + 1);
            blk.write(MmioRegisters.STATUS, 0);
            ring.garbageInUsed(0).availIdx(0);
        }
    }

    /** Two vCPUs that reset at the same time: both come back. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @SpecClause("VIRTIO-1.2 2.4.1")
    void resetDuringAReset_doesNotHang() throws InterruptedException {
        blk.startWithAll();
        blk.node.hold();
        offerRead(0, 0);
        blk.kick(0);
        boolean[] nested = {false};
        blk.whileDraining(() -> {
            if (!nested[0]) {
                nested[0] = true;
                blk.write(MmioRegisters.STATUS, 0);
            }
        });
        blk.write(MmioRegisters.STATUS, 0);
        assertThat(nested[0]).isTrue();
        assertThat(blk.read(MmioRegisters.STATUS)).isZero();
    }

    @Test
    void longBatch_isPublishedWhole() {
        blk.startWithAll();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i + 1 < BlkFixture.RING_SIZE; i += 2) {
                long scratch = SCRATCH + 64L * i;
                blk.header(scratch, VIRTIO_BLK_T_FLUSH, 0);
                new BlkChain(blk)
                        .readable(scratch, 16)
                        .writable(scratch + 32, 1)
                        .offer(0, i);
            }
            blk.kick(0);
            assertThat(ring.usedIdx()).isEqualTo(BlkFixture.RING_SIZE / 2 * (round + 1));
            assertThat(blk.interrupts).as("one notification per batch").isEqualTo(round + 1);
        }
    }
}
