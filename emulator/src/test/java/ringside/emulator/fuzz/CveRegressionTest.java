package ringside.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.virtqueue.RawSplitRing.INDIRECT;
import static ringside.emulator.virtqueue.RawSplitRing.NEXT;
import static ringside.emulator.virtqueue.RawSplitRing.WRITE;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.transport.MmioRegisters;
import ringside.emulator.virtqueue.RawSplitRing;

/**
 * One guest for each class of bugs that had a CVE elsewhere, at a virtio-blk device behind virtio-mmio. The classes are
 * numbered as in docs/fuzzing.md, which names the tests of the others.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CveRegressionTest {
    private static final long HEADER = BlkFixture.SCRATCH;
    private static final long DATA = BlkFixture.SCRATCH + 0x1000;
    private static final long STATUS = BlkFixture.SCRATCH + 0x800;
    private static final long TABLE = BlkFixture.SCRATCH + 0x8000;
    private static final byte POISON = (byte) 0xd7;
    private static final int SECTOR = 512;
    private static final int EIO = 5;

    private final BlkFixture blk = new BlkFixture();
    private final RawSplitRing ring = blk.rings.getFirst();

    @BeforeEach
    void start() {
        blk.startWithAll();
        blk.header(HEADER, BlkConstants.VIRTIO_BLK_T_IN, 0);
        ring.put(STATUS, POISON);
    }

    @AfterEach
    void stop() {
        while (blk.node.waiting() > 0) {
            blk.completeOne();
        }
        blk.close();
    }

    /** A request of three descriptors from an index on. */
    private void request(int first, int type, long sector, long bytes) {
        long header = HEADER + 16L * first;
        blk.header(header, type, sector);
        int write = type == BlkConstants.VIRTIO_BLK_T_IN ? WRITE : 0;
        ring.desc(first, header, 16, NEXT, first + 1)
                .desc(first + 1, DATA, bytes, NEXT | write, first + 2)
                .desc(first + 2, STATUS + first, 1, WRITE, 0);
    }

    private void kickOffered(int head) {
        ring.offer(head);
        blk.kick(0);
    }

    private void assertBroken() {
        assertThat(blk.broken()).as("needs a reset").isTrue();
        assertThat(ring.usedIdx()).as("used.idx").isZero();
        assertThat(blk.node.seen).as("requests to the disk").isEmpty();
    }

    private void assertServesAfterAReset() {
        blk.write(MmioRegisters.STATUS, 0);
        blk.node.seen.clear();
        ring.garbageInUsed(0).availIdx(0);
        blk.startWithAll();
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 1, SECTOR);
        kickOffered(0);
        assertThat(status(0)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
        assertThat(ring.usedIdx()).isEqualTo(1);
    }

    private int status(int first) {
        return ring.bytes(STATUS + first, 1)[0];
    }

    /** Class 1, a descriptor chain that loops. CVE-2019-9547 (SPDK): the target hung. */
    @ParameterizedTest
    @CsvSource({"0,0,0", "1,0,0", "1,2,0", "1,2,1", "1,2,2"})
    void class01_descriptorLoop_breaksTheDevice(int next0, int next1, int next2) {
        ring.desc(0, HEADER, 16, NEXT, next0).desc(1, HEADER, 16, NEXT, next1).desc(2, HEADER, 16, NEXT, next2);
        kickOffered(0);
        assertBroken();
        assertServesAfterAReset();
    }

    /** Class 2, descriptors of length 0. CVE-2016-6490 (QEMU): an endless loop. */
    @Test
    void class02_zeroLengthDescriptor_breaksTheDevice() {
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, 0);
        kickOffered(0);
        assertBroken();
        assertServesAfterAReset();
    }

    /** Class 3, lengths that cannot be mapped. CVE-2016-7422 (QEMU): a null pointer. In Java it would be the heap. */
    @ParameterizedTest
    @ValueSource(longs = {0x7fff_ffffL, 0x8000_0000L, 0xffff_fe00L, 0xffff_ffffL})
    void class03_hugeLength_breaksTheDeviceWithoutAllocation(long length) {
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, length);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        kickOffered(0);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
        assertBroken();
        assertServesAfterAReset();
    }

    /**
     * Class 4, sizes that are not checked. CVE-2011-1750 (QEMU virtio-blk): a heap overflow by a length that was no multiple
     * of 512.
     */
    @ParameterizedTest
    @CsvSource({"0,1", "0,511", "0,513", "1,1", "1,511", "1,1023"})
    void class04_lengthOfNoWholeSectors_isAnErrorAndTouchesNothing(int type, long length) {
        ring.put(DATA, filled(2 * SECTOR));
        request(0, type, 0, length);
        kickOffered(0);
        assertThat(status(0)).isEqualTo(BlkConstants.VIRTIO_BLK_S_IOERR);
        assertThat(ring.bytes(DATA, 2 * SECTOR)).isEqualTo(filled(2 * SECTOR));
        assertThat(blk.node.seen).isEmpty();
    }

    /** Class 4 again. CVE-2026-48914 (QEMU): SCSI commands of any size. This device has none. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void class04_scsiCommand_isUnsupported(int type) {
        request(0, type, 0, 96);
        kickOffered(0);
        assertThat(status(0)).isEqualTo(BlkConstants.VIRTIO_BLK_S_UNSUPP);
    }

    /** Class 5, chains longer than the ring. CVE-2011-2212 (QEMU): an indirect table overflowed what was allocated. */
    @Test
    void class05_indirectTableLongerThanTheRing_breaksTheDevice() {
        int entries = 2 * BlkFixture.RING_SIZE;
        for (int i = 0; i < entries; i++) {
            ring.entry(TABLE + 16L * i, HEADER, 16, i + 1 < entries ? NEXT : 0, i + 1);
        }
        ring.desc(0, TABLE, 16L * entries, INDIRECT, 0);
        kickOffered(0);
        assertBroken();
        assertServesAfterAReset();
    }

    /** Class 6, a queue number that is negative or too large. CVE-2011-2512 (QEMU): an index out of the array of queues. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 64, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 0xffff_0001L})
    void class06_notifyOfAQueueThatIsNotThere_isIgnored(long queue) {
        blk.write(MmioRegisters.STATUS, 0);
        blk.start(blk.offered() & ~(VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA | VirtioFeatures.VIRTIO_F_EVENT_IDX));
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, SECTOR);
        ring.offer(0);
        blk.write(MmioRegisters.QUEUE_NOTIFY, queue);
        blk.write(MmioRegisters.QUEUE_SEL, queue);
        assertThat(blk.read(MmioRegisters.QUEUE_NUM_MAX)).isZero();
        assertThat(ring.usedIdx()).isZero();
        assertThat(blk.broken()).isFalse();
        blk.kick(0);
        assertThat(ring.usedIdx()).isEqualTo(1);
    }

    /** Class 7, requests in flight without bound. CVE-2016-5403 (QEMU): heads were taken again and again. */
    @Test
    void class07_headsOfferedAgainWhileInFlight_areBoundByTheRing() {
        blk.node.hold();
        int requests = BlkFixture.RING_SIZE / 3;
        for (int i = 0; i < requests; i++) {
            request(3 * i, BlkConstants.VIRTIO_BLK_T_IN, 0, SECTOR);
            ring.offer(3 * i);
        }
        blk.kick(0);
        assertThat(blk.node.waiting()).isEqualTo(requests);
        for (int lap = 0; lap < 1000; lap++) {
            ring.offer(3 * (lap % requests));
            blk.kick(0);
        }
        assertThat(blk.node.waiting()).isEqualTo(requests);
        assertThat(blk.broken()).isTrue();
    }

    /** Class 8, a ring without size or alignment. CVE-2017-17381 (QEMU): a division by zero. */
    @ParameterizedTest
    @ValueSource(longs = {0, 3, 0xffff_ffffL, 0x1_0000})
    void class08_ringWithoutASize_isNotMadeReady(long size) {
        blk.write(MmioRegisters.STATUS, 0);
        blk.negotiate(blk.offered());
        blk.program(0, size, ring.descGpa, ring.availGpa, ring.usedGpa);
        assertThat(blk.read(MmioRegisters.QUEUE_READY)).isZero();
        blk.driverOk();
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertServesAfterAReset();
    }

    /**
     * Class 9, addresses outside of memory or over the end of a region. CVE-2020-10725 (DPDK), CVE-2023-41051 (vm-memory),
     * CVE-2020-13759 (vm-memory).
     */
    @ParameterizedTest
    @ValueSource(
            longs = {
                GuestMemories.BASE_GPA + GuestMemories.REGION_BYTES - 256,
                GuestMemories.BASE_GPA + GuestMemories.REGION_BYTES,
                GuestMemories.SECOND_GPA - 1,
                GuestMemories.SECOND_GPA + GuestMemories.REGION_BYTES - 511,
                -512,
                Long.MIN_VALUE,
                Long.MAX_VALUE - 511
            })
    void class09_bufferNotWhollyInOneRegion_breaksTheDevice(long gpa) {
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, SECTOR);
        ring.desc(1, gpa, SECTOR, NEXT | WRITE, 2);
        kickOffered(0);
        assertBroken();
        assertServesAfterAReset();
    }

    /** Class 10, sums that overflow. CVE-2020-10722 and -10723 (DPDK), here with sectors: the offset would be small again. */
    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 55, (1L << 55) + 1, (1L << 54) - 1, 2047, 2048})
    void class10_sectorThatOverflowsAsAnOffset_isAnError(long sector) {
        request(0, BlkConstants.VIRTIO_BLK_T_OUT, sector, 2 * SECTOR);
        kickOffered(0);
        assertThat(status(0)).isEqualTo(BlkConstants.VIRTIO_BLK_S_IOERR);
        assertThat(blk.node.seen).isEmpty();
    }

    /** Class 10 again: rings at the very top of the address space. */
    @Test
    void class10_ringWhoseEndOverflows_isNotMadeReady() {
        blk.write(MmioRegisters.STATUS, 0);
        blk.negotiate(blk.offered());
        blk.program(0, 64, -16, -2, -4);
        assertThat(blk.read(MmioRegisters.QUEUE_READY)).isZero();
        assertServesAfterAReset();
    }

    /**
     * Class 12, queue registers that change after activation. CVE-2026-5747 (Firecracker, virtio-pci): writes out of
     * bounds. The same behind virtio-pci is in PciHostileTest.
     */
    @Test
    void class12_queueRegistersAfterActivation_changeNothing() {
        blk.write(MmioRegisters.QUEUE_SEL, 0);
        blk.write(MmioRegisters.QUEUE_NUM, 0xffff);
        for (int register = MmioRegisters.QUEUE_DESC_LOW; register <= MmioRegisters.QUEUE_DEVICE_HIGH; register += 4) {
            blk.write(register, 0xffff_fff0L);
        }
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, SECTOR);
        kickOffered(0);
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(status(0)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
    }

    /** Class 13, a used length above what was written. CVE-2024-8612 (QEMU): a guest got memory that nobody had written. */
    @Test
    void class13_failedRead_promisesNothingAndLeavesTheBuffer() {
        ring.put(DATA, filled(SECTOR));
        blk.node.fail(EIO);
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, SECTOR);
        kickOffered(0);
        assertThat(status(0)).isEqualTo(BlkConstants.VIRTIO_BLK_S_IOERR);
        assertThat(ring.usedLen(0)).isZero();
        assertThat(ring.bytes(DATA, SECTOR)).isEqualTo(filled(SECTOR));
    }

    /** Class 13 again: a buffer longer than the identity string keeps what was in it behind the string. */
    @Test
    void class13_longBufferForTheIdentity_isWrittenForTwentyBytesOnly() {
        ring.put(DATA, filled(SECTOR));
        request(0, BlkConstants.VIRTIO_BLK_T_GET_ID, 0, SECTOR);
        ring.desc(1, DATA, SECTOR, NEXT | WRITE, 2);
        kickOffered(0);
        assertThat(ring.usedLen(0)).isEqualTo(BlkConstants.VIRTIO_BLK_ID_BYTES);
        byte[] behind = Arrays.copyOfRange(ring.bytes(DATA, SECTOR), BlkConstants.VIRTIO_BLK_ID_BYTES, SECTOR);
        assertThat(behind).containsOnly(POISON);
    }

    /**
     * Class 14, a device whose DMA goes to registers, its own among them. CVE-2021-3750, CVE-2021-3929, CVE-2024-3446
     * (QEMU). Here registers are at no address that a buffer can have.
     */
    @ParameterizedTest
    @ValueSource(
            longs = {PciHostBridge.ECAM_BASE_GPA, PciHostBridge.MMIO_32_GPA, PciHostBridge.MMIO_64_GPA, 0xfee0_0000L})
    void class14_bufferInTheWindowsOfRegisters_breaksTheDevice(long gpa) {
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, SECTOR);
        ring.desc(1, gpa, SECTOR, NEXT | WRITE, 2);
        kickOffered(0);
        assertBroken();
        assertServesAfterAReset();
    }

    /** Class 15, one head posted twice. CVE-2026-45782 (Cloud Hypervisor): completed twice, and freed twice. */
    @Test
    void class15_headPostedTwice_isCompletedOnce() {
        blk.node.hold();
        request(0, BlkConstants.VIRTIO_BLK_T_IN, 0, SECTOR);
        kickOffered(0);
        kickOffered(0);
        assertThat(blk.broken()).isTrue();
        assertThat(blk.node.waiting()).isEqualTo(1);
        blk.completeOne();
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(ring.usedId(0)).isZero();
    }

    /** Class 18, tables that are nested, loop, go with NEXT or have half an entry. No CVE: rust-vmm refuses each, too. */
    @ParameterizedTest
    @CsvSource({"16,4,0", "16,1,0", "32,1,0", "17,0,0", "24,0,0", "0,0,0", "16,0,1"})
    void class18_crookedIndirectTable_breaksTheDevice(long length, int flagsInside, int nextOutside) {
        ring.entry(TABLE, TABLE, 16, flagsInside, 0);
        ring.entry(TABLE + 16, TABLE, 16, flagsInside, 1);
        ring.desc(0, TABLE, length, INDIRECT | nextOutside, 1).desc(1, STATUS, 1, WRITE, 0);
        kickOffered(0);
        assertBroken();
        assertServesAfterAReset();
    }

    private static byte[] filled(int bytes) {
        byte[] poison = new byte[bytes];
        Arrays.fill(poison, POISON);
        return poison;
    }
}
