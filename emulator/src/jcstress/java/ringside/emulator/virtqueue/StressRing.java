package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;

/**
 * Both sides of a small ring for one round of a stress test. Rounds are many and short, so they take slices of one guest
 * memory in turn. There are several times more slices than JCStress keeps states alive; a slice is zeroed when taken.
 */
final class StressRing {
    private static final int SIZE = 4;
    private static final long BASE_GPA = 1L << 30;
    private static final long LENGTH_BYTES = 256L << 20;
    private static final int PART_BYTES = 128;
    private static final int PARTS = 4;
    private static final long SLICES = LENGTH_BYTES / (PARTS * PART_BYTES);

    private static final GuestMemory MEMORY =
            GuestMemory.allocate(List.of(new GuestRegionSpec(BASE_GPA, LENGTH_BYTES)), false);
    private static GuestAllocator allocator = new GuestAllocator(MEMORY);
    private static long taken;

    final MemorySegment ram = MEMORY.ram();
    final DriverVirtqueue driver;
    final Virtqueue device;
    /** Offset of the data buffer. */
    final long buffer;

    private final DescriptorChain chain = new DescriptorChain();
    private final long[] gpa = new long[2];
    private final int[] bytes = new int[2];

    StressRing(RingFeatures features) {
        synchronized (StressRing.class) {
            if (taken == SLICES) {
                taken = 0;
                allocator = new GuestAllocator(MEMORY);
            }
            taken++;
            gpa[0] = allocator.allocate(PART_BYTES, PART_BYTES);
            gpa[1] = gpa[0];
            driver = DriverVirtqueue.create(MEMORY, allocator, SIZE, features, 0);
        }
        buffer = MEMORY.translate(gpa[0], PART_BYTES);
        ram.asSlice(buffer, PARTS * PART_BYTES).fill((byte) 0);
        device = driver.addresses().config(SIZE, features).activate(MEMORY);
    }

    /** Driver: makes one buffer of this length available. */
    void publish(int lengthBytes) {
        bytes[0] = lengthBytes;
        driver.add(gpa, bytes, 0, 1);
        driver.publish();
    }

    /** Driver: makes a buffer of two segments available. */
    void publish(int firstBytes, int secondBytes) {
        bytes[0] = firstBytes;
        bytes[1] = secondBytes;
        driver.add(gpa, bytes, 0, 2);
        driver.publish();
    }

    /** Device: length of the second segment of the chain taken last, or -1. */
    int secondLength() {
        return chain.segments() == 2 ? chain.lengths()[1] : -1;
    }

    /** Device: takes one chain. Returns the length of its first segment, or -1. */
    int take() {
        int head = device.nextHead();
        return head >= 0 && device.readChain(head, chain) ? chain.lengths()[0] : -1;
    }

    /** Device: returns a head. */
    void use(int head, int lengthBytes) {
        device.addUsed(head, lengthBytes);
        device.publishUsed();
    }
}
