package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.device.blk.RecordingNode;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.virtqueue.RawSplitRing;

/** A function whose guest lives in another process: its memory comes and goes while the device is in use. */
class PciWindowTest {
    private static final long REGION_BYTES = GuestMemories.REGION_BYTES;
    private static final GuestRegionSpec FIRST = new GuestRegionSpec(GuestMemories.BASE_GPA, REGION_BYTES);
    private static final GuestRegionSpec OTHER = new GuestRegionSpec(0x8000_0000L, REGION_BYTES);

    /** Lends its memory, its disk and its loop; its own device stays unused. */
    private final BlkFixture blk =
            new BlkFixture(BlkFixture.settings(1, true, true), new RecordingNode(BlkFixture.DISK_BYTES, false, true));

    private final RawSplitRing ring = blk.rings.getFirst();
    private final GuestMemory window = GuestMemory.window(1L << 30);
    private final VirtioBlk device = new VirtioBlk(BlkFixture.settings(1, true, true), blk.node, window, blk, false);
    private final PciTransport function =
            new PciTransport(new TransportParts(device, window, blk.lock, KickPolicy.TRAPPED), 2);

    @BeforeEach
    void start() {
        map(FIRST);
        function.configWrite(4, 2, 6);
        common(0x14, 1, 3);
        common(8, 4, 1);
        common(12, 4, VirtioFeatures.VIRTIO_F_VERSION_1 >>> 32);
        common(0x14, 1, 11);
        common(0x20, 8, ring.descGpa);
        common(0x28, 8, ring.availGpa);
        common(0x30, 8, ring.usedGpa);
        common(0x1c, 2, 1);
        common(0x14, 1, 15);
    }

    @AfterEach
    void close() {
        function.reset();
        device.close();
        window.close();
        blk.close();
    }

    private void map(GuestRegionSpec region) {
        window.map(region, blk.memory.fileDescriptor(), 0);
    }

    private void common(int offset, int width, long value) {
        function.barWrite(4, offset, width, value);
    }

    private void offerFlush(int first) {
        long gpa = BlkFixture.SCRATCH + 0x100L * first;
        blk.header(gpa, BlkConstants.VIRTIO_BLK_T_FLUSH, 0);
        ring.desc(first, gpa, 16, 1, first + 1)
                .desc(first + 1, gpa + 64, 1, 2, 0)
                .offer(first);
    }

    private void kick() {
        function.barWrite(4, 0x3000, 2, 0);
    }

    @Test
    void ring_goesOnWhereItStoppedWhenItsMemoryIsElsewhereInTheWindow() {
        offerFlush(0);
        kick();
        function.whilePaused(() -> {
            map(OTHER);
            window.unmap(0);
            map(FIRST);
        });
        offerFlush(2);
        kick();
        assertThat(ring.usedIdx()).isEqualTo(2);
        assertThat(ring.usedId(1)).isEqualTo(2);
        assertThat(function.barRead(4, 0x14, 1)).as("status").isEqualTo(15);
    }

    @Test
    void requestsInFlight_areFinishedBeforeMemoryChanges() {
        blk.node.hold();
        offerFlush(0);
        kick();
        assertThat(blk.node.waiting()).isEqualTo(1);
        List<Integer> waiting = new ArrayList<>();
        function.whilePaused(() -> waiting.add(blk.node.waiting()));
        assertThat(waiting).containsExactly(0);
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(function.intxAsserted()).as("its driver heard of it").isTrue();
    }

    @Test
    void ringWhoseMemoryIsGone_waitsUntilItComesBack() {
        offerFlush(0);
        kick();
        function.whilePaused(() -> window.unmap(0));
        offerFlush(2);
        kick();
        assertThat(ring.usedIdx()).isEqualTo(1);
        function.whilePaused(() -> map(OTHER));
        kick();
        assertThat(ring.usedIdx()).as("still gone").isEqualTo(1);
        function.whilePaused(() -> map(FIRST));
        kick();
        assertThat(ring.usedIdx()).isEqualTo(2);
    }

    @Test
    void changeThatFails_leavesTheFunctionAtWork() {
        assertThatThrownBy(() -> function.whilePaused(() -> {
                    throw new IllegalStateException("no such file");
                }))
                .hasMessage("no such file");
        offerFlush(0);
        kick();
        assertThat(ring.usedIdx()).isEqualTo(1);
    }
}
