package ringside.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import ringside.emulator.SpecClause;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.device.blk.RecordingNode;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.transport.MmioRegisters;
import ringside.emulator.virtqueue.DescriptorChain;
import ringside.emulator.virtqueue.RawSplitRing;
import ringside.emulator.virtqueue.RingFeatures;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * Guests whose second vCPU rewrites what the device is reading: descriptors, tables, headers and ranges. Whatever the
 * device then makes of a request, it reads each word once, checks what it read, and nobody else is harmed.
 */
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RewritingGuestTest {
    private static final long BOUNDED_NS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final int LEAST_ROUNDS = 2000;
    private static final int HEADS = 16;
    private static final int SECTOR = 512;

    /** Where the rewriting vCPU has headers, tables and data; the canary is between it and the other's. */
    private static final long HOSTILE = BlkFixture.SCRATCH;

    private static final int HOSTILE_BYTES = 0x8000;
    private static final long CANARY = HOSTILE + HOSTILE_BYTES;
    private static final int CANARY_BYTES = 0x8000;
    private static final long HONEST = CANARY + CANARY_BYTES;
    private static final byte POISON = (byte) 0xc3;

    /** However the bytes of two of these are mixed, the sector is below 1000 or not on the disk. */
    private static final long[] SECTORS = {0, 1, 0x7f, -1, 1L << 40};

    private static final long HONEST_SECTOR = 1500;
    private static final long[] LENGTHS = {16, 8, 1, 512, 1024, 48, 0, 0xffff_ffffL};
    private static final long[] ADDRESSES = {
        HOSTILE,
        HOSTILE + 0x100,
        HOSTILE + 0x1000,
        HOSTILE + 0x3000,
        HOSTILE + HOSTILE_BYTES - 1024,
        -1,
        0,
        GuestMemories.BASE_GPA + GuestMemories.REGION_BYTES - 8
    };
    private static final int[] TYPES = {0, 1, 0, 1, 4, 8, 11, 13, 99};

    private final AtomicBoolean stop = new AtomicBoolean();
    private int hostileHead;
    /** A second vCPU that does nothing else, until it is closed. */
    private AutoCloseable meanwhile(Runnable rewrite) {
        Thread guest = new Thread(
                () -> {
                    while (!stop.get()) {
                        rewrite.run();
                    }
                },
                "rewriting-guest");
        guest.start();
        return () -> {
            stop.set(true);
            guest.join();
        };
    }

    /** Class 11, double fetch. CVE-2020-14375 (DPDK vhost-crypto), CVE-2015-8550 (Xen PV back-ends). */
    @Test
    @SpecClause({"VIRTIO-1.2 3.3.1", "VIRTIO-1.2 2.7.5.1"})
    void class11_guestThatRewritesWhatIsInFlight_harmsNobodyElse() throws Exception {
        try (BlkFixture blk = new BlkFixture(
                BlkFixture.settings(2, true, true), new RecordingNode(BlkFixture.DISK_BYTES, false, true))) {
            RawSplitRing hostile = blk.rings.get(0);
            RawSplitRing honest = blk.rings.get(1);
            byte[] canary = new byte[CANARY_BYTES];
            Arrays.fill(canary, POISON);
            hostile.put(CANARY, canary);
            SplittableRandom random = new SplittableRandom(11);
            int[] outcomes = new int[2];
            try (AutoCloseable _ = meanwhile(() -> rewrite(hostile, random))) {
                long end = System.nanoTime() + BOUNDED_NS;
                for (int i = 0; i < LEAST_ROUNDS || System.nanoTime() < end; i++) {
                    hostileHead = i % (HEADS - 3);
                    outcomes[round(blk, hostile, honest) ? 1 : 0]++;
                }
            }

            assertThat(outcomes[0]).as("rounds in which the device broke").isPositive();
            assertThat(outcomes[1]).as("rounds in which it did not").isPositive();
            assertThat(honest.bytes(CANARY, CANARY_BYTES)).isEqualTo(canary);
        }
    }

    private static void rewrite(RawSplitRing ring, SplittableRandom random) {
        long entry = random.nextInt(4) == 0 ? HOSTILE + 0x1000 : ring.descGpa;
        ring.entry(
                entry + 16L * random.nextInt(HEADS),
                ADDRESSES[random.nextInt(ADDRESSES.length)],
                LENGTHS[random.nextInt(LENGTHS.length)],
                random.nextInt(8),
                random.nextInt(HEADS));
        // A request that is right for a moment, so that some get through to be rewritten behind the walk.
        int head = random.nextInt(HEADS - 3);
        ring.entry(ring.descGpa + 16L * head, HOSTILE + 16L * head, 16, 1, head + 1);
        ring.entry(ring.descGpa + 16L * (head + 1), HOSTILE + 0x3000, SECTOR, 1 | random.nextInt(2) << 1, head + 2);
        ring.entry(ring.descGpa + 16L * (head + 2), HOSTILE + 0x2000 + head, 1, 2, 0);
        long type = TYPES[random.nextInt(TYPES.length)];
        ring.entry(HOSTILE + 16L * head, type, SECTORS[random.nextInt(SECTORS.length)], 0, 0);
    }

    /** Both queues at work. Returns whether the device is still whole, and then the honest request must be right. */
    private boolean round(BlkFixture blk, RawSplitRing hostile, RawSplitRing honest) {
        blk.write(MmioRegisters.STATUS, 0);
        blk.node.seen.clear();
        for (RawSplitRing ring : blk.rings) {
            ring.garbageInUsed(0).availIdx(0);
        }
        blk.startWithAll();
        hostile.offer(hostileHead);
        blk.header(HONEST, BlkConstants.VIRTIO_BLK_T_IN, HONEST_SECTOR);
        honest.put(HONEST + 0x1000, new byte[SECTOR]);
        honest.desc(0, HONEST, 16, RawSplitRing.NEXT, 1)
                .desc(1, HONEST + 0x1000, SECTOR, RawSplitRing.NEXT | RawSplitRing.WRITE, 2)
                .desc(2, HONEST + 0x2000, 1, RawSplitRing.WRITE, 0);
        honest.offer(0);
        blk.kick(1);
        blk.kick(0);
        assertThat(honest.usedIdx()).as("the honest request").isEqualTo(1);
        assertThat(honest.bytes(HONEST + 0x2000, 1)).containsExactly(0);
        byte[] read = honest.bytes(HONEST + 0x1000, SECTOR);
        for (int i = 0; i < SECTOR; i++) {
            if (read[i] != RecordingNode.original(HONEST_SECTOR * SECTOR + i)) {
                throw new AssertionError("byte " + i + " of the honest request is wrong");
            }
        }
        return !blk.broken();
    }

    /** The same at a packed ring, where the driver hands descriptors over by their flags. */
    @Test
    @SpecClause({"VIRTIO-1.2 3.3.1", "VIRTIO-1.2 2.8.15"})
    void class11_packedDescriptorsRewritten_neverYieldAnUncheckedSegment() throws Exception {
        try (GuestMemory memory = GuestMemories.one()) {
            long base = GuestMemories.BASE_GPA;
            RawSplitRing writer = new RawSplitRing(memory, HEADS, base + 0x10000);
            SplittableRandom random = new SplittableRandom(12);
            VirtqueueConfig config =
                    new VirtqueueConfig(HEADS, base, base + 0x1000, base + 0x1004, RingFeatures.packed(true, false));
            DescriptorChain chain = new DescriptorChain();
            int good = 0;
            try (AutoCloseable _ = meanwhile(() -> rewritePacked(writer, base, random))) {
                long end = System.nanoTime() + BOUNDED_NS;
                while (System.nanoTime() < end || good == 0) {
                    Virtqueue queue = config.activate(memory);
                    int head = queue.nextHead();
                    if (head >= 0 && queue.readChain(head, chain)) {
                        good++;
                        assertInside(memory, chain);
                        queue.addUsed(head, 0);
                        queue.publishUsed();
                    }
                }
            }
            assertThat(good).as("chains that passed").isPositive();
        }
    }

    private static void rewritePacked(RawSplitRing writer, long base, SplittableRandom random) {
        int index = random.nextInt(HEADS);
        long gpa = random.nextInt(4) == 0 ? base + 0x2000 + 16L * index : base + 16L * index;
        long[] addresses = {base + 0x2000, base + 0x8000, -1, 0, base + GuestMemories.REGION_BYTES - 8};
        // In a packed descriptor id comes where a split one has its flags, and flags where it has next.
        int flags = random.nextInt(8) | (random.nextInt(4) == 0 ? 1 << 15 : 1 << 7);
        writer.entry(
                gpa,
                addresses[random.nextInt(addresses.length)],
                LENGTHS[random.nextInt(LENGTHS.length)],
                random.nextInt(HEADS + 1),
                flags);
    }

    private static void assertInside(GuestMemory memory, DescriptorChain chain) {
        long low = memory.hostAddress();
        long high = low + GuestMemories.REGION_BYTES;
        for (int i = 0; i < chain.segments(); i++) {
            long address = chain.addresses()[i];
            int bytes = chain.lengths()[i];
            Check.that(bytes > 0 && address >= low && address + bytes <= high, "segment %d is outside of memory", i);
        }
    }
}
