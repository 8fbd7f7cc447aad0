package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.virtqueue.RawSplitRing.INDIRECT;
import static ringside.emulator.virtqueue.RawSplitRing.NEXT;
import static ringside.emulator.virtqueue.RawSplitRing.WRITE;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** A guest that rewrites descriptors while the device reads them gets a fault or a chain that was fully checked. */
class DoubleFetchTest {
    private static final int SIZE = 8;
    private static final int ROUNDS = 200_000;
    private static final long SEED = 0x5eed_0001L;

    @Test
    @SpecClause({"VIRTIO-1.2 3.3.1", "VIRTIO-1.2 2.7.5.3.1"})
    void descriptorsRewrittenDuringTheWalk_neverYieldAnUncheckedSegment() throws InterruptedException {
        try (GuestMemory memory = GuestMemories.one()) {
            RawSplitRing ring = new RawSplitRing(memory, SIZE, GuestMemories.BASE_GPA);
            Virtqueue queue = ring.activate(true, false);
            AtomicBoolean stop = new AtomicBoolean();
            Thread guest = new Thread(() -> rewrite(ring, stop), "hostile-guest");
            guest.start();
            int good = 0;
            try {
                DescriptorChain chain = new DescriptorChain();
                for (int i = 0; i < ROUNDS; i++) {
                    if (queue.readChain(i % SIZE, chain)) {
                        good++;
                        assertChecked(memory, chain);
                    } else {
                        assertThat(queue.fault()).isNotNull();
                    }
                }
            } finally {
                stop.set(true);
                guest.join();
            }
            assertThat(good)
                    .as("chains that passed; 0 would make this test void")
                    .isPositive();
        }
    }

    private static void rewrite(RawSplitRing ring, AtomicBoolean stop) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        long[] addresses = {
            GuestMemories.BASE_GPA + 0x8000, -1, GuestMemories.BASE_GPA, GuestMemories.BASE_GPA + 0x9000, 0
        };
        long[] lengths = {1, 16, 48, 0, 4096, 0xffff_ffffL, 0x8000_0000L};
        int[] flags = {0, NEXT, WRITE, WRITE | NEXT, INDIRECT, INDIRECT | WRITE};
        while (!stop.get()) {
            boolean table = random.nextInt(4) == 0;
            long entry = (table ? GuestMemories.BASE_GPA + 0x8000 : ring.descGpa) + 16L * random.nextInt(SIZE);
            ring.entry(
                    entry,
                    addresses[random.nextInt(addresses.length)],
                    lengths[random.nextInt(lengths.length)],
                    flags[random.nextInt(flags.length)],
                    random.nextInt(SIZE + 1));
        }
    }

    private static void assertChecked(GuestMemory memory, DescriptorChain chain) {
        long low = memory.hostAddress();
        long high = low + GuestMemories.REGION_BYTES;
        long readable = 0;
        long writable = 0;
        boolean inside = chain.segments() >= 1 && chain.segments() <= SIZE;
        for (int i = 0; i < chain.segments(); i++) {
            long address = chain.addresses()[i];
            int bytes = chain.lengths()[i];
            inside &= bytes > 0 && address >= low && address + bytes <= high;
            readable += i < chain.readableSegments() ? bytes : 0;
            writable += i < chain.readableSegments() ? 0 : bytes;
        }
        assertThat(inside).isTrue();
        assertThat(chain.readableBytes()).isEqualTo(readable);
        assertThat(chain.writableBytes()).isEqualTo(writable);
    }
}
