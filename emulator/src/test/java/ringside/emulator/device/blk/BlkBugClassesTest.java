package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_IOERR;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_OK;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_UNSUPP;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.RING_SIZE;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.block.StorageLifetime;
import ringside.emulator.ffi.Errno;
import ringside.emulator.virtqueue.RawSplitRing;

/** One test for each class of errors that block devices of other emulators had, named after the published record. */
@Timeout(20)
class BlkBugClassesTest {
    private static final long DATA = SCRATCH + 0x4000;
    private static final long STATUS = SCRATCH + 0x800;
    private static final int NEXT = RawSplitRing.NEXT;
    private static final int WRITE = RawSplitRing.WRITE;
    private static final int INDIRECT = RawSplitRing.INDIRECT;

    private BlkFixture blk;
    private RawSplitRing ring;

    @BeforeEach
    void start() {
        RecordingNode node = new RecordingNode(DISK_BYTES, false, true);
        node.lifetime = Optional.of(new StorageLifetime(1, 1, 1));
        blk = new BlkFixture(BlkFixture.settings(1, true, true), node).startWithAll();
        ring = blk.rings.getFirst();
    }

    @AfterEach
    void close() {
        blk.close();
    }

    private void breaks() {
        int before = ring.usedIdx();
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertThat(ring.usedIdx()).isEqualTo(before);
        assertThat(blk.node.seen).isEmpty();
    }

    /** Class 1, SPDK CVE-2019-9547: a chain that never ends. */
    @ParameterizedTest
    @CsvSource({"1,0", "2,0", "2,2", "128,0", "128,2"})
    @SpecClause("VIRTIO-1.2 2.7.5.2")
    void cve20199547_descriptorLoop_breaksTheDevice(int lengthOfLoop, int flags) {
        blk.header(SCRATCH, VIRTIO_BLK_T_IN, 0);
        for (int i = 0; i < lengthOfLoop; i++) {
            ring.desc(i, SCRATCH, 16, NEXT | flags, (i + 1) % lengthOfLoop);
        }
        ring.offer(0);
        breaks();
    }

    /** Class 2, QEMU CVE-2016-6490: descriptors of length 0, of which a loop can be made that costs no memory. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @SpecClause("VIRTIO-1.2 2.7.5.2")
    void cve20166490_zeroLengthDescriptor_breaksTheDevice(int position) {
        blk.header(SCRATCH, VIRTIO_BLK_T_IN, 0);
        ring.desc(0, SCRATCH, position == 0 ? 0 : 16, NEXT, 1);
        ring.desc(1, DATA, position == 1 ? 0 : 512, NEXT | WRITE, 2);
        ring.desc(2, STATUS, position == 2 ? 0 : 1, WRITE, 0);
        ring.offer(0);
        breaks();
    }

    /** Class 3, QEMU CVE-2016-7422: a length that cannot be mapped. */
    @ParameterizedTest
    @ValueSource(longs = {0xffff_ffffL, 0x8000_0000L, 0x7fff_ffffL, 0x4000_0000L, 0xffff_fe00L})
    @SpecClause("VIRTIO-1.2 2.7.5.2")
    void cve20167422_hugeLength_breaksTheDevice(long bytes) {
        for (int type : new int[] {VIRTIO_BLK_T_IN, VIRTIO_BLK_T_OUT}) {
            blk.close();
            start();
            blk.header(SCRATCH, type, 0);
            ring.desc(0, SCRATCH, 16, NEXT, 1);
            ring.desc(1, DATA, bytes, NEXT | (type == VIRTIO_BLK_T_IN ? WRITE : 0), 2);
            ring.desc(2, STATUS, 1, WRITE, 0);
            ring.offer(0);
            breaks();
        }
    }

    /** Class 3 again: many descriptors of one buffer make a transfer that is longer than the disk, or than 32 bits. */
    @Test
    @SpecClause("VIRTIO-1.2 5.2.6.1")
    void cve20167422_oneBufferOverAndOver_isNotMoreThanTheDisk() {
        blk.header(SCRATCH, VIRTIO_BLK_T_OUT, 0);
        BlkChain chain = new BlkChain(blk).readable(SCRATCH, 16);
        for (int i = 0; i < RING_SIZE - 2; i++) {
            chain.readable(DATA, 0x8000);
        }
        assertThat(chain.writable(STATUS, 1).send()).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_IOERR));
        assertThat(blk.node.seen).isEmpty();
    }

    /** Class 4, QEMU CVE-2011-1750: lengths that are no multiple of a sector. */
    @ParameterizedTest
    @ValueSource(ints = {1, 511, 513, 1023, 4097})
    @SpecClause("VIRTIO-1.2 5.2.6.1")
    void cve20111750_partOfASector_isRefused(int bytes) {
        for (int type : new int[] {VIRTIO_BLK_T_IN, VIRTIO_BLK_T_OUT}) {
            byte[] poison = poison(8192, 0x5a);
            ring.put(DATA, poison);
            assertThat(request(type, 0, bytes).status()).isEqualTo(VIRTIO_BLK_S_IOERR);
            assertThat(ring.bytes(DATA, 8192)).isEqualTo(poison);
        }
        assertThat(blk.node.seen).isEmpty();
    }

    /** Class 4, QEMU CVE-2026-48914: SCSI commands with buffers that are too small for what goes into them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 95, 96, 112, 113, 512})
    @SpecClause("VIRTIO-1.2 5.2.6")
    void cve202648914_scsiCommandOfAnySize_isUnsupportedAndWritesOnlyItsStatus(int bytes) {
        for (int type : new int[] {2, 3}) {
            byte[] poison = poison(1024, 0x5a);
            ring.put(DATA, poison);
            blk.header(SCRATCH, type, 0);
            BlkChain.Answer answer = new BlkChain(blk)
                    .readable(SCRATCH, 16)
                    .readable(SCRATCH + 0x100, bytes)
                    .writable(DATA, bytes)
                    .send();
            assertThat(answer.status()).isEqualTo(VIRTIO_BLK_S_UNSUPP);
            poison[bytes - 1] = VIRTIO_BLK_S_UNSUPP;
            assertThat(ring.bytes(DATA, 1024)).isEqualTo(poison);
        }
    }

    /** Class 5, CVE-2011-2212: an indirect table that is longer than the ring, or that lies about its length. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 17, 16 * (RING_SIZE + 1), 65_536 * 16L, 0xffff_fff0L})
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void cve20112212_tableOfAWrongLength_breaksTheDevice(long bytes) {
        table(RING_SIZE + 8);
        ring.desc(0, SCRATCH + 0x8000, bytes, INDIRECT, 0);
        ring.offer(0);
        breaks();
    }

    /** Class 5 again: the table is as long as it may be, and its entries lead out of it. */
    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void cve20112212_nextBeyondTheTable_breaksTheDevice() {
        table(4);
        ring.entry(SCRATCH + 0x8000 + 16, DATA, 512, NEXT | WRITE, 4);
        ring.desc(0, SCRATCH + 0x8000, 64, INDIRECT, 0);
        ring.offer(0);
        breaks();
    }

    private void table(int entries) {
        blk.header(SCRATCH, VIRTIO_BLK_T_IN, 0);
        for (int i = 0; i < entries; i++) {
            boolean first = i == 0;
            boolean last = i == entries - 1;
            ring.entry(
                    SCRATCH + 0x8000 + 16L * i,
                    first ? SCRATCH : DATA,
                    first ? 16 : 512,
                    (first ? 0 : WRITE) | (last ? 0 : NEXT),
                    i + 1);
        }
    }

    /** Class 7, QEMU CVE-2016-5403: requests without end while none completes. */
    @Test
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void cve20165403_moreRequestsThanTheRingHolds_areNotTaken() {
        blk.node.hold();
        int fits = RING_SIZE / 2;
        for (int i = 0; i < fits; i++) {
            blk.header(SCRATCH, BlkConstants.VIRTIO_BLK_T_FLUSH, 0);
            ring.desc(2 * i, SCRATCH, 16, NEXT, 2 * i + 1);
            ring.desc(2 * i + 1, STATUS, 1, WRITE, 0);
            ring.offer(2 * i);
        }
        blk.kick(0);
        assertThat(blk.node.waiting()).isEqualTo(fits);
        ring.availIdx(ring.availIdx() + RING_SIZE + 1);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertThat(blk.node.waiting()).isEqualTo(fits);
    }

    /**
     * Class 13, QEMU CVE-2024-8612: a used length that covers bytes which the device never wrote. Every type, every size,
     * with and without an error: each request is done twice on buffers with different poison, and what the used length
     * promises must be equal.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @SpecClause({"VIRTIO-1.2 2.7.8.2", "VIRTIO-1.2 5.2.6"})
    void cve20248612_usedLength_coversOnlyWhatWasWritten(boolean failing) {
        blk.node.fail(failing ? Errno.EIO : 0);
        int[] sizes = {0, 1, 5, 6, 7, 19, 20, 21, 511, 512, 513, 4096, 6000};
        for (int type = 0; type <= 27; type++) {
            for (int bytes : sizes) {
                for (int out : new int[] {0, 16, 512}) {
                    byte[] first = written(type, out, bytes, 0x5a);
                    byte[] second = written(type, out, bytes, 0xa5);
                    assertThat(first)
                            .as("type %d with %d readable and %d writable bytes", type, out, bytes)
                            .isEqualTo(second);
                }
            }
        }
    }

    /** The part of the writable buffer that the used length promises. */
    private byte[] written(int type, int outBytes, int inBytes, int poison) {
        ring.put(DATA, poison(8192, poison));
        ring.put(SCRATCH + 0x100, new byte[512]);
        blk.header(SCRATCH, type, 0);
        BlkChain chain = new BlkChain(blk).readable(SCRATCH, 16);
        if (outBytes > 0) {
            chain.readable(SCRATCH + 0x100, outBytes);
        }
        int used = (int) chain.writable(DATA, inBytes + 1).send().usedLen();
        assertThat(used).isLessThanOrEqualTo(inBytes + 1);
        return ring.bytes(DATA, used);
    }

    /** Class 15, Cloud Hypervisor CVE-2026-45782: one head twice, and with asynchronous I/O completed twice. */
    @ParameterizedTest
    @ValueSource(ints = {VIRTIO_BLK_T_IN, VIRTIO_BLK_T_OUT})
    @SpecClause("VIRTIO-1.2 2.7.6.1")
    void cve202645782_sameHeadTwice_completesAtMostOnce(int type) {
        blk.node.hold();
        blk.header(SCRATCH, type, 0);
        ring.desc(0, SCRATCH, 16, NEXT, 1);
        ring.desc(1, DATA, 512, NEXT | (type == VIRTIO_BLK_T_IN ? WRITE : 0), 2);
        ring.desc(2, STATUS, 1, WRITE, 0);
        ring.offer(0);
        blk.kick(0);
        ring.offer(0);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertThat(blk.node.waiting()).isOne();
        blk.completeOne();
        blk.kick(0);
        assertThat(ring.usedIdx()).isLessThanOrEqualTo(1);
        assertThat(blk.node.seen).hasSize(1);
    }

    /** Conformance, "also" below R095: the header is read once, so rewriting it while the request waits does nothing. */
    @Test
    @SpecClause("VIRTIO-1.2 5.2.6")
    void headerAndRangesRewrittenAfterPop_changeNothing() {
        blk.node.hold();
        ring.put(
                DATA,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(8)
                        .putInt(2)
                        .array());
        blk.header(SCRATCH, BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES, 0);
        ring.desc(0, SCRATCH, 16, NEXT, 1);
        ring.desc(1, DATA, 16, NEXT, 2);
        ring.desc(2, STATUS, 1, WRITE, 0);
        ring.offer(0);
        blk.kick(0);
        blk.header(SCRATCH, VIRTIO_BLK_T_OUT, 99);
        ring.put(DATA, poison(16, 0xff));
        for (int i = 0; i < 3; i++) {
            ring.desc(i, 0, 0, NEXT | INDIRECT, i);
        }
        blk.completeOne();
        assertThat(ring.usedIdx()).isOne();
        assertThat(ring.bytes(STATUS, 1)[0]).isEqualTo((byte) VIRTIO_BLK_S_OK);
        assertThat(blk.node.bytes(8 * 512, 1024)).containsOnly(0);
        assertThat(blk.node.bytes(10 * 512, 1)[0]).isNotZero();
        assertThat(blk.broken()).isFalse();
    }

    private BlkChain.Answer request(int type, long sector, int bytes) {
        blk.header(SCRATCH, type, sector);
        BlkChain chain = new BlkChain(blk).readable(SCRATCH, 16);
        return (type == VIRTIO_BLK_T_IN ? chain.writable(DATA, bytes) : chain.readable(DATA, bytes))
                .writable(STATUS, 1)
                .send();
    }

    private static byte[] poison(int bytes, int value) {
        byte[] poison = new byte[bytes];
        Arrays.fill(poison, (byte) value);
        return poison;
    }
}
