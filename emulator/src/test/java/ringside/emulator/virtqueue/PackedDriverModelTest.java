package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/**
 * The driver side of a packed ring against the device of the specification: for the smallest rings every sequence of
 * decisions, for others many at random.
 */
@SpecClause({
    "VIRTIO-1.2 2.8.1",
    "VIRTIO-1.2 2.8.6",
    "VIRTIO-1.2 2.8.16",
    "VIRTIO-1.2 2.8.17",
    "VIRTIO-1.2 2.8.21",
    "VIRTIO-1.2 2.8.22"
})
class PackedDriverModelTest {
    private static final long BUFFER = GuestMemories.BASE_GPA + 0x10000;

    @ParameterizedTest(name = "size {0}, {1} steps")
    @CsvSource({"1,6", "2,6", "3,6", "4,5"})
    void everySequenceOfASmallRing(int size, int steps) {
        try (GuestMemory memory = GuestMemories.one()) {
            Choices choices = Choices.all();
            long runs = 0;
            do {
                Run run = new Run(memory, size, 0, choices);
                run.steps(steps);
                run.finish();
                runs++;
            } while (choices.advance());
            assertThat(runs).as("sequences").isGreaterThan(1000);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomSequences(long seed) {
        int[] sizes = {1, 2, 3, 5, 8, 31, 100, 256, 1000, 32_768};
        try (GuestMemory memory = GuestMemories.one(16L << 20)) {
            Run run = new Run(memory, sizes[(int) seed - 1], seed % 2 == 0 ? 3 : 0, Choices.random(seed));
            run.steps(100_000);
            run.finish();
        }
    }

    @Test
    void bufferIdThatIsNotInFlight_isAnErrorNotACorruptFreeList() {
        for (int id : new int[] {1, 3, 4, 0xffff}) {
            try (GuestMemory memory = GuestMemories.one()) {
                Run run = new Run(memory, 4, 0, Choices.random(id));
                run.driver.add(new long[] {BUFFER}, new int[] {1}, 0, 1);
                run.driver.publish();
                run.device.take();
                run.device.use(id, 1, 1);
                assertThatThrownBy(run.driver::pollUsed)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("not in flight");
            }
        }
    }

    /** Nothing of a batch is visible before publish, however many buffers it has. */
    @Test
    @SpecClause("VIRTIO-1.2 2.8.21.1.1")
    void batch_isInvisibleUntilPublished() {
        try (GuestMemory memory = GuestMemories.one()) {
            Run run = new Run(memory, 8, 0, Choices.random(1));
            run.driver.add(new long[] {BUFFER, BUFFER}, new int[] {1, 1}, 1, 2);
            run.driver.add(new long[] {BUFFER}, new int[] {1}, 1, 1);
            assertThat(run.device.take()).isNull();
            assertThat(run.driver.publish()).isTrue();
            assertThat(run.driver.publish()).isFalse();
            assertThat(run.device.take().descriptors()).isEqualTo(2);
            assertThat(run.device.take().descriptors()).isEqualTo(1);
            assertThat(run.device.take()).isNull();
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.8.8")
    void inOrder_oneUsedDescriptorStandsForABatch() {
        try (GuestMemory memory = GuestMemories.one()) {
            DriverVirtqueue driver = DriverVirtqueue.create(
                    memory,
                    new GuestAllocator(memory),
                    5,
                    RingFeatures.packed(false, false).withInOrder(),
                    0);
            DriverRingAddresses at = driver.addresses();
            SpecDevice device = new SpecDevice(new RawPackedRing(memory, 5, at.descGpa(), at.availGpa(), at.usedGpa()));
            int first = driver.add(new long[] {BUFFER, BUFFER}, new int[] {16, 512}, 1, 2);
            int second = driver.add(new long[] {BUFFER}, new int[] {7}, 0, 1);
            int third = driver.add(new long[] {BUFFER}, new int[] {9}, 0, 1);
            driver.publish();
            device.use(third, 4, 3);
            assertThat(driver.pollUsed()).isEqualTo(first);
            assertThat(driver.usedLength()).isEqualTo(512);
            assertThat(driver.hasUsed()).isTrue();
            assertThat(driver.pollUsed()).isEqualTo(second);
            assertThat(driver.usedLength()).isEqualTo(7);
            assertThat(driver.pollUsed()).isEqualTo(third);
            assertThat(driver.usedLength()).isEqualTo(3);
            assertThat(driver.hasUsed()).isFalse();
            assertThat(driver.pollUsed()).isEqualTo(DriverVirtqueue.NONE);
            assertThat(driver.fits(5)).isTrue();
        }
    }

    /** One ring, and what should happen to it. */
    private static final class Run {
        final DriverVirtqueue driver;
        final SpecDevice device;
        private final GuestMemory memory;
        private final RawPackedRing ring;
        private final int size;
        private final int tableEntries;
        private final Choices choices;
        private final long[] gpa = {BUFFER, BUFFER + 64, BUFFER + 128};
        private final int[] bytes = {16, 512, 1};
        /** By buffer id: segments, readable ones in the upper half. */
        private final Map<Integer, Integer> inFlight = new HashMap<>();

        private final List<SpecDevice.Buffer> taken = new ArrayList<>();
        private final Map<Integer, Integer> usedBytes = new HashMap<>();
        private int room;

        Run(GuestMemory memory, int size, int tableEntries, Choices choices) {
            this.memory = memory;
            this.size = size;
            this.tableEntries = tableEntries;
            this.choices = choices;
            this.room = size;
            GuestAllocator allocator = new GuestAllocator(memory);
            this.driver = DriverVirtqueue.create(
                    memory, allocator, size, RingFeatures.packed(tableEntries > 0, false), tableEntries);
            DriverRingAddresses at = driver.addresses();
            this.ring = new RawPackedRing(memory, size, at.descGpa(), at.availGpa(), at.usedGpa());
            new RawPackedRing(memory, size, at.descGpa()); // zeroes it: memory was used before
            this.device = new SpecDevice(ring);
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                step();
            }
        }

        private void step() {
            int uses = Math.min(taken.size(), 2);
            int choice = choices.next(5 + uses);
            switch (choice) {
                case 0, 1, 2 -> add(choice + 1);
                case 3 -> {
                    driver.publish();
                    takeAll();
                }
                case 4 -> reap();
                default -> use((choice - 5) * (taken.size() - 1));
            }
        }

        private void add(int segments) {
            int readable = choices.next(2) * Math.min(1, segments - 1);
            int expected = driver.nextHead();
            int id = driver.add(gpa, bytes, readable, segments);
            int needed = tableEntries > 0 ? 1 : segments;
            if (needed > room) {
                assertThat(id).isEqualTo(DriverVirtqueue.NONE);
                return;
            }
            assertThat(id).isEqualTo(expected).isBetween(0, size - 1);
            assertThat(inFlight.put(id, readable << 16 | segments))
                    .as("id reused")
                    .isNull();
            room -= needed;
        }

        private void takeAll() {
            for (SpecDevice.Buffer buffer = device.take(); buffer != null; buffer = device.take()) {
                int shape = inFlight.get(buffer.id());
                List<SpecDriver.Element> elements = buffer.indirect() ? table(buffer) : buffer.elements();
                assertThat(elements).hasSize(shape & 0xffff);
                for (int i = 0; i < elements.size(); i++) {
                    assertThat(elements.get(i)).isEqualTo(new SpecDriver.Element(gpa[i], bytes[i], i >= shape >> 16));
                }
                taken.add(buffer);
            }
        }

        private List<SpecDriver.Element> table(SpecDevice.Buffer buffer) {
            SpecDriver.Element reference = buffer.elements().getFirst();
            int entries = (int) (reference.len() / 16);
            RawPackedRing table = new RawPackedRing(memory, entries, reference.addr(), 0, 0);
            List<SpecDriver.Element> elements = new ArrayList<>();
            for (int i = 0; i < entries; i++) {
                assertThat(table.flags(i) & ~RawPackedRing.WRITE)
                        .as("flags in a table")
                        .isZero();
                elements.add(new SpecDriver.Element(
                        table.addr(i), table.len(i), (table.flags(i) & RawPackedRing.WRITE) != 0));
            }
            return elements;
        }

        private void use(int index) {
            SpecDevice.Buffer buffer = taken.remove(index);
            int length = choices.next(2) * 5;
            usedBytes.put(buffer.id(), length);
            device.use(buffer, length);
        }

        private void reap() {
            for (int id = driver.pollUsed(); id != DriverVirtqueue.NONE; id = driver.pollUsed()) {
                assertThat(driver.usedLength()).isEqualTo(usedBytes.remove(id));
                int segments = inFlight.remove(id) & 0xffff;
                room += tableEntries > 0 ? 1 : segments;
            }
            assertThat(usedBytes).as("used, but not seen").isEmpty();
        }

        /** Everything comes back, and once. */
        void finish() {
            driver.publish();
            takeAll();
            while (!taken.isEmpty()) {
                use(taken.size() - 1);
            }
            reap();
            assertThat(inFlight).isEmpty();
            assertThat(driver.fits(tableEntries > 0 ? 1 : size)).isTrue();
        }
    }
}
