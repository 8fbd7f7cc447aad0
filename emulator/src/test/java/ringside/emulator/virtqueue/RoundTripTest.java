package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

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

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyHeadReturnsExactlyOnce(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (GuestMemory memory = GuestMemories.one(8L << 20)) {
            new Trip(memory, random, (int) seed).run();
        }
    }

    /** One run. All choices come from the seed. */
    private static final class Trip {
        private final RandomGenerator random;
        private final int size;
        private final int maxSegments;
        private final DriverVirtqueue driver;
        private final Virtqueue device;
        private final DescriptorChain chain = new DescriptorChain();
        private final String shape;
        private final long[] gpa;
        private final int[] bytes;
        private final long[] expectedBytes;
        private final int[] held;
        private int heldCount;
        private long submitted;
        private long reaped;
        private boolean kicked;
        private boolean interrupted;
        private long kicks;
        private long interrupts;

        Trip(GuestMemory memory, RandomGenerator random, int seed) {
            this.random = random;
            // Twelve seeds meet every size and every pair of features; the rest is random.
            this.size = 1 << seed % 11;
            boolean eventIdx = (seed & 1) != 0;
            boolean indirect = (seed & 2) != 0;
            this.maxSegments = Math.min(size, 1 + random.nextInt(8));
            this.driver =
                    new DriverVirtqueue(memory, new GuestAllocator(memory), size, eventIdx, indirect ? maxSegments : 0);
            DriverRingAddresses at = driver.addresses();
            this.device = new VirtqueueConfig(size, at.descGpa(), at.availGpa(), at.usedGpa(), indirect, eventIdx)
                    .activate(memory);
            this.shape = "size %d, eventIdx %s, indirect %s".formatted(size, eventIdx, indirect);
            this.gpa = new long[maxSegments];
            this.bytes = new int[maxSegments];
            this.expectedBytes = new long[size];
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
                assertThat(submitted - reaped)
                        .as("a notification was lost: only what the device holds may be in flight (%s)", shape)
                        .isEqualTo(heldCount);
            }
            assertThat(kicks).as(shape).isPositive().isLessThanOrEqualTo(submitted);
            assertThat(interrupts).as(shape).isPositive().isLessThanOrEqualTo(reaped);
        }

        private void submitSome() {
            int wanted = random.nextInt(size + 1);
            for (int i = 0; i < wanted; i++) {
                int total = 1 + random.nextInt(maxSegments);
                int readable = random.nextInt(total + 1);
                long sum = 0;
                for (int s = 0; s < total; s++) {
                    gpa[s] = GuestMemories.BASE_GPA + random.nextInt(4096);
                    bytes[s] = 1 + random.nextInt(4096);
                    sum += bytes[s];
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
                device.addUsed(head, (int) expectedBytes[head]);
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
                    assertThat((long) driver.usedLength()).isEqualTo(expectedBytes[head]);
                    expectedBytes[head] = 0;
                    reaped++;
                }
            } while (driver.enableInterrupts());
        }
    }
}
