package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/**
 * Driver side and device side against each other: random sizes, shapes, batches and completion order, over three wraps
 * of the 16-bit indices. Every head comes back exactly once, with its own length; nobody sleeps while the other waits.
 */
@SpecClause({"VIRTIO-1.2 2.7.13", "VIRTIO-1.2 2.7.14", "VIRTIO-1.2 2.7.7.2", "VIRTIO-1.2 2.7.10"})
class RoundTripTest {
    private static final int ENTRIES = 3 * 65_536 + 1_000;
    private static final int[] PACKED_SIZES = {1, 2, 3, 4, 5, 7, 33, 100, 256, 257, 1000, 1024};

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void splitRing_everyHeadReturnsExactlyOnce(long seed) {
        trip(seed, 1 << seed % 11, false, false);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void splitRingInOrder_everyHeadReturnsExactlyOnceAndInOrder(long seed) {
        trip(seed, 1 << seed % 11, false, true);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @SpecClause({"VIRTIO-1.2 2.8.10", "VIRTIO-1.2 2.8.21", "VIRTIO-1.2 2.8.22"})
    void packedRing_everyHeadReturnsExactlyOnce(long seed) {
        trip(seed, PACKED_SIZES[(int) seed - 1], true, false);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @SpecClause("VIRTIO-1.2 2.8.8")
    void packedRingInOrder_everyHeadReturnsExactlyOnceAndInOrder(long seed) {
        trip(seed, PACKED_SIZES[(int) seed - 1], true, true);
    }

    private static void trip(long seed, int size, boolean packed, boolean inOrder) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        boolean eventIdx = (seed & 1) != 0;
        boolean indirect = (seed & 2) != 0;
        try (GuestMemory memory = GuestMemories.one(8L << 20)) {
            new Trip(memory, random, size, new RingFeatures(packed, indirect, eventIdx, inOrder)).run();
        }
    }

    /** One run. All choices come from the seed. */
    private static final class Trip {
        private final RandomGenerator random;
        private final int size;
        private final boolean inOrder;
        /** Heads with the driver and the device in the order in which they were made available. */
        private final Deque<Integer> order = new ArrayDeque<>();

        private final int maxSegments;
        private final DriverVirtqueue driver;
        private final Virtqueue device;
        private final DescriptorChain chain = new DescriptorChain();
        private final String shape;
        private final long[] gpa;
        private final int[] bytes;
        private final long[] expectedBytes;
        private final int[] writtenBytes;
        private final int[] held;
        private int heldCount;
        private long submitted;
        private long reaped;
        private boolean kicked;
        private boolean interrupted;
        private long kicks;
        private long interrupts;

        Trip(GuestMemory memory, RandomGenerator random, int size, RingFeatures features) {
            this.random = random;
            this.size = size;
            this.inOrder = features.inOrder();
            this.maxSegments = Math.min(size, 1 + random.nextInt(8));
            this.driver = DriverVirtqueue.create(
                    memory, new GuestAllocator(memory), size, features, features.indirect() ? maxSegments : 0);
            this.device = driver.addresses().config(size, features).activate(memory);
            this.shape = "size %d, %s".formatted(size, features);
            this.gpa = new long[maxSegments];
            this.bytes = new int[maxSegments];
            this.expectedBytes = new long[size];
            this.writtenBytes = new int[size];
            this.held = new int[size];
        }

        void run() {
            device.enableNotification();
            driver.enableInterrupts();
            while (reaped < ENTRIES) {
                submitSome();
                if (kicked) {
                    kicked = false;
                    serveAndArm();
                }
                completeSome();
                if (interrupted) {
                    interrupted = false;
                    reapAndArm();
                }
                assertNothingForgotten();
            }
            assertThat(kicks).as(shape).isPositive().isLessThanOrEqualTo(submitted);
            assertThat(interrupts).as(shape).isPositive().isLessThanOrEqualTo(reaped);
        }

        private void assertNothingForgotten() {
            if (inOrder) {
                assertThat(order.isEmpty() || isHeld(order.peek()))
                        .as("a notification was lost: the oldest buffer is used, but not reaped (%s)", shape)
                        .isTrue();
            } else {
                assertThat(submitted - reaped)
                        .as("a notification was lost: only what the device holds may be in flight (%s)", shape)
                        .isEqualTo(heldCount);
            }
        }

        private boolean isHeld(int head) {
            boolean found = false;
            for (int i = 0; i < heldCount; i++) {
                found |= held[i] == head;
            }
            return found;
        }

        private void submitSome() {
            int wanted = random.nextInt(size + 1);
            for (int i = 0; i < wanted; i++) {
                int total = 1 + random.nextInt(maxSegments);
                int readable = random.nextInt(total + 1);
                long sum = 0;
                int written = 0;
                for (int s = 0; s < total; s++) {
                    gpa[s] = GuestMemories.BASE_GPA + random.nextInt(4096);
                    bytes[s] = 1 + random.nextInt(4096);
                    sum += bytes[s];
                    written += s >= readable ? bytes[s] : 0;
                }
                int expectedHead = driver.nextHead();
                int head = driver.add(gpa, bytes, readable, total);
                if (head == DriverVirtqueue.NONE) {
                    break;
                }
                assertThat(head).isEqualTo(expectedHead);
                assertThat(expectedBytes[head])
                        .as("head %d is in flight: %s", head, shape)
                        .isZero();
                expectedBytes[head] = sum;
                writtenBytes[head] = written;
                if (inOrder) {
                    order.add(head);
                }
                submitted++;
            }
            if (driver.publish() && driver.needsKick()) {
                kicks++;
                kicked = true;
            }
        }

        private void serveAndArm() {
            do {
                device.disableNotification();
                for (int head = device.nextHead(); head != Virtqueue.EMPTY; head = device.nextHead()) {
                    assertThat(head).as("%s: %s", shape, device.fault()).isNotNegative();
                    assertThat(device.readChain(head, chain))
                            .as("%s: %s", shape, device.fault())
                            .isTrue();
                    assertThat(chain.readableBytes() + chain.writableBytes()).isEqualTo(expectedBytes[head]);
                    held[heldCount++] = head;
                }
            } while (device.enableNotification());
        }

        private void completeSome() {
            int wanted = heldCount == 0 ? 0 : 1 + random.nextInt(heldCount);
            for (int i = 0; i < wanted; i++) {
                int pick = random.nextInt(heldCount);
                int head = held[pick];
                held[pick] = held[--heldCount];
                if (random.nextInt(3) == 0) {
                    writtenBytes[head] = 0; // less than all: with buffers in order it must be told
                }
                device.addUsed(head, writtenBytes[head]);
                if (random.nextInt(4) == 0) {
                    device.publishUsed();
                }
            }
            device.publishUsed();
            if (device.hasUnannounced() && device.needsNotification()) {
                interrupts++;
                interrupted = true;
            }
        }

        private void reapAndArm() {
            do {
                driver.disableInterrupts();
                for (int head = driver.pollUsed(); head != DriverVirtqueue.NONE; head = driver.pollUsed()) {
                    assertThat(expectedBytes[head])
                            .as("head %d returned twice: %s", head, shape)
                            .isPositive();
                    assertThat(driver.usedLength()).isEqualTo(writtenBytes[head]);
                    assertThat(inOrder ? order.remove() : head).as(shape).isEqualTo(head);
                    expectedBytes[head] = 0;
                    reaped++;
                }
            } while (driver.enableInterrupts());
        }
    }
}
