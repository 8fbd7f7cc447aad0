package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/**
 * The device side of a packed ring against the driver of the specification: for the smallest rings every sequence of
 * decisions from every place of the ring, for others many at random.
 */
@SpecClause({
    "VIRTIO-1.2 2.8.1",
    "VIRTIO-1.2 2.8.2",
    "VIRTIO-1.2 2.8.6",
    "VIRTIO-1.2 2.8.12",
    "VIRTIO-1.2 2.8.15",
    "VIRTIO-1.2 2.8.18"
})
class PackedModelTest {
    private static final long BUFFERS = GuestMemories.BASE_GPA + 0x100_000;

    @ParameterizedTest(name = "size {0}, {1} steps, in order {2}")
    @CsvSource({"1,12,false", "2,7,false", "3,6,false", "4,5,false", "1,12,true", "2,7,true", "3,6,true", "4,5,true"})
    void everySequenceOfASmallRing(int size, int steps, boolean inOrder) {
        try (GuestMemory memory = GuestMemories.one()) {
            for (int start = 0; start < 2 * size; start++) {
                Choices choices = Choices.all();
                long runs = 0;
                do {
                    Run run = new Run(memory, size, inOrder, choices);
                    run.rotate(start);
                    run.steps(steps);
                    run.finish();
                    runs++;
                } while (choices.advance());
                assertThat(runs).as("sequences").isGreaterThan(100);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void randomSequences(long seed) {
        int[] sizes = {1, 2, 3, 4, 5, 7, 12, 31, 64, 100, 255, 256, 257, 1000, 4096, 32_768};
        try (GuestMemory memory = GuestMemories.one(8L << 20)) {
            Run run = new Run(memory, sizes[(int) seed - 1], seed % 4 == 0, Choices.random(seed));
            run.steps(200_000);
            run.finish();
        }
    }

    /** One ring, and what should happen to it. */
    private static final class Run {
        private final SpecDriver driver;
        private final Virtqueue device;
        private final boolean inOrder;
        private final Choices choices;
        private final int size;
        private final DescriptorChain chain = new DescriptorChain();
        /** With the driver's side: offered, in ring order. */
        private final Deque<Offer> offered = new ArrayDeque<>();
        /** With the device: taken, not used. */
        private final List<Offer> taken = new ArrayList<>();
        /** With the device in the order taken, for rings that are used in order. */
        private final Deque<Offer> order = new ArrayDeque<>();
        /** Used, in the order in which the driver must see it. */
        private final Deque<Offer> used = new ArrayDeque<>();

        private final Deque<Offer> visible = new ArrayDeque<>();
        private int nextId;

        Run(GuestMemory memory, int size, boolean inOrder, Choices choices) {
            RawPackedRing ring = new RawPackedRing(memory, size, GuestMemories.BASE_GPA);
            RingFeatures features = RingFeatures.packed(true, false);
            this.driver = new SpecDriver(ring);
            this.device =
                    ring.config(inOrder ? features.withInOrder() : features).activate(memory);
            this.inOrder = inOrder;
            this.choices = choices;
            this.size = size;
        }

        private static final class Offer {
            final int id;
            final int segments;
            int usedBytes;
            boolean done;

            Offer(int id, int segments) {
                this.id = id;
                this.segments = segments;
            }

            /** Segment i has 1 + i bytes; all but the first of several are writable. */
            int writableBytes() {
                return segments == 1 ? 1 : segments * (segments + 1) / 2 - 1;
            }
        }

        /** Goes round so far, one descriptor at a time. */
        void rotate(int descriptors) {
            for (int i = 0; i < descriptors; i++) {
                offer(1);
                take();
                use(0);
                publish();
                reap();
            }
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                step();
            }
        }

        private void step() {
            int lists = Math.min(driver.room(), 3);
            int uses = Math.min(taken.size(), 3);
            int publish = used.isEmpty() ? 0 : 1;
            int reap = visible.isEmpty() ? 0 : 1;
            int choice = choices.next(1 + lists + uses + publish + reap);
            if (choice == 0) {
                take();
            } else if (choice <= lists) {
                offer(choice);
            } else if (choice <= lists + uses) {
                use((choice - lists - 1) * (taken.size() - 1) / Math.max(1, uses - 1));
            } else if (choice == lists + uses + publish) {
                publish();
            } else {
                reap();
            }
        }

        private void offer(int segments) {
            while (!driver.isFree(nextId)) {
                nextId = (nextId + 1) % size;
            }
            int id = nextId;
            nextId = (nextId + 1) % size;
            SpecDriver.Element[] elements = new SpecDriver.Element[segments];
            for (int i = 0; i < segments; i++) {
                elements[i] = new SpecDriver.Element(BUFFERS + 64L * id + i, 1 + i, i > 0 || segments == 1);
            }
            driver.offer(id, elements);
            offered.add(new Offer(id, segments));
        }

        private void take() {
            int head = device.nextHead();
            if (offered.isEmpty()) {
                assertThat(head).as("nothing is available").isEqualTo(Virtqueue.EMPTY);
                return;
            }
            Offer offer = offered.remove();
            assertThat(head).as(() -> "fault " + device.fault()).isEqualTo(offer.id);
            assertThat(device.readChain(head, chain)).isTrue();
            assertThat(chain.segments()).isEqualTo(offer.segments);
            for (int i = 0; i < offer.segments; i++) {
                assertThat(chain.lengths()[i]).isEqualTo(1 + i);
            }
            taken.add(offer);
            order.add(offer);
        }

        private void use(int index) {
            Offer offer = taken.remove(index);
            // What was written completely may be skipped, and is then written completely to the driver, too.
            offer.usedBytes = choices.next(2) == 0 ? offer.writableBytes() : 0;
            offer.done = true;
            device.addUsed(offer.id, offer.usedBytes);
            if (!inOrder) {
                used.add(offer);
            }
            while (inOrder && !order.isEmpty() && order.peek().done) {
                used.add(order.remove());
            }
        }

        private void publish() {
            device.publishUsed();
            visible.addAll(used);
            used.clear();
        }

        private void reap() {
            while (poll()) {}
            assertThat(visible).as("published, but not seen").isEmpty();
        }

        /** With buffers in order one used descriptor may stand for several, which were written completely. */
        private boolean poll() {
            Optional<SpecDriver.Used> seen = inOrder
                    ? driver.pollInOrder(visible.stream().map(offer -> offer.id).iterator())
                    : driver.poll();
            if (seen.isEmpty()) {
                return false;
            }
            Offer offer = visible.remove();
            while (inOrder && offer.id != seen.get().id()) {
                assertThat(offer.usedBytes).as("skipped").isEqualTo(offer.writableBytes());
                offer = visible.remove();
            }
            assertThat(seen.get()).isEqualTo(new SpecDriver.Used(offer.id, offer.usedBytes));
            return true;
        }

        /** Everything comes back, and once. */
        void finish() {
            while (!offered.isEmpty()) {
                take();
            }
            while (!taken.isEmpty()) {
                use(taken.size() - 1);
            }
            publish();
            reap();
            assertThat(driver.room()).isEqualTo(size);
            assertThat(device.nextHead()).isEqualTo(Virtqueue.EMPTY);
        }
    }
}
