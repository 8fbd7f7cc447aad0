package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** When either side of a packed ring notifies, and how it asks not to be notified. */
@SpecClause({"VIRTIO-1.2 2.8.10", "VIRTIO-1.2 2.8.14"})
class PackedNotificationTest {
    private static final long BUFFER = GuestMemories.BASE_GPA + 0x10000;

    private final GuestMemory memory = GuestMemories.one();

    @AfterEach
    void close() {
        memory.close();
    }

    private RawPackedRing ring(int size) {
        return new RawPackedRing(memory, size, GuestMemories.BASE_GPA);
    }

    /** All 65,536 values of offset and wrap counter, every place in the ring, every number of descriptors. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7})
    void eventOfEveryOffsetAndWrap_triggersForItsDescriptorOnly(int size) {
        for (int offWrap = 0; offWrap <= 0xffff; offWrap++) {
            int event = offWrap | RawPackedRing.DESC << 16;
            for (int position = 0; position < 2 * size; position++) {
                boolean expected = false;
                for (int count = 0; count <= 2 * size; count++) {
                    expected |= count > 0 && isDescriptor(offWrap, (position - count + 2 * size) % (2 * size), size);
                    if (PvirtqEventSuppress.wanted(event, true, position, count, size) != expected) {
                        assertThat(!expected)
                                .as("size %d, event 0x%x, position %d, count %d", size, offWrap, position, count)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static boolean isDescriptor(int offWrap, int position, int size) {
        boolean wrap = position < size;
        return (offWrap & 0x7fff) == position % size && (offWrap >> 15 != 0) == wrap;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void flagsDecide_whateverTheReservedBitsSay(int flags) {
        for (int reserved : new int[] {0, 0xfffc, 4, 0x8000}) {
            RawPackedRing ring = ring(4).driverEvent(0xffff, flags | reserved);
            Virtqueue without = ring.offer(0, BUFFER, 1, 0, 0).activate(false, false);
            assertThat(useNext(without)).isEqualTo(flags != RawPackedRing.DISABLE);
            Virtqueue with = ring.offer(0, BUFFER, 1, 0, 0).activate(false, true);
            assertThat(useNext(with)).isEqualTo(flags != RawPackedRing.DISABLE && flags != RawPackedRing.DESC);
        }
    }

    private static boolean useNext(Virtqueue queue) {
        queue.addUsed(queue.nextHead(), 1);
        queue.publishUsed();
        return queue.needsNotification();
    }

    /** Round and round with lists of 1 to 3 descriptors, the event anywhere: against the rule, descriptor by descriptor. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 100})
    void deviceOverManyLaps_notifiesWhenItPassesTheEvent(int size) {
        RawPackedRing ring = ring(size);
        SpecDriver driver = new SpecDriver(ring);
        Virtqueue device = ring.activate(false, true);
        int position = 0;
        for (int round = 0; round < 20_000; round++) {
            int length = 1 + round % 3;
            SpecDriver.Element[] elements = new SpecDriver.Element[length];
            Arrays.fill(elements, new SpecDriver.Element(BUFFER, 1, true));
            driver.offer(round % size, elements);
            int event = (position + round % 7 - 2 + 2 * size) % (2 * size);
            boolean expected = false;
            for (int i = 0; i < length; i++) {
                expected |= (position + i) % (2 * size) == event;
            }
            ring.driverEvent(event % size | (event < size ? 0x8000 : 0), RawPackedRing.DESC);
            assertThat(useNext(device)).as("round %d", round).isEqualTo(expected);
            driver.poll();
            position = (position + length) % (2 * size);
        }
    }

    /** Several publications, one decision: none of the descriptors since the last decision is forgotten. */
    @Test
    void decisionCoversAllPublicationsSinceTheLastOne() {
        RawPackedRing ring = ring(4).driverEvent(0x8000, RawPackedRing.DESC);
        Virtqueue queue = ring.activate(false, true);
        for (int i = 0; i < 3; i++) {
            ring.offer(i, BUFFER, 1, i, 0);
            queue.addUsed(queue.nextHead(), 1);
            queue.publishUsed();
        }
        assertThat(queue.hasUnannounced()).isTrue();
        assertThat(queue.needsNotification()).isTrue();
        assertThat(queue.hasUnannounced()).isFalse();
        assertThat(queue.needsNotification()).isFalse();
    }

    @Test
    void driverThatWaitsForTheNextDescriptor_isAwaiting() {
        RawPackedRing ring = ring(4).offer(0, BUFFER, 1, 0, 0);
        Virtqueue queue = ring.activate(false, true);
        assertThat(queue.isAwaited()).isFalse();
        ring.driverEvent(0x8000, RawPackedRing.DESC);
        assertThat(queue.isAwaited()).isTrue();
        ring.driverEvent(0, RawPackedRing.DESC);
        assertThat(queue.isAwaited()).as("other lap").isFalse();
        ring.driverEvent(0x8001, RawPackedRing.DESC);
        assertThat(queue.isAwaited()).isFalse();
        useNext(queue);
        assertThat(queue.isAwaited()).isTrue();
    }

    @Test
    void deviceAsksByFlags_withoutEventIdx() {
        RawPackedRing ring = ring(4);
        Virtqueue queue = ring.activate(false, false);
        queue.disableNotification();
        assertThat(ring.deviceFlags()).isEqualTo(RawPackedRing.DISABLE);
        assertThat(queue.enableNotification()).isFalse();
        assertThat(ring.deviceFlags()).isEqualTo(RawPackedRing.ENABLE);
    }

    @Test
    void deviceAsksByDescriptor_withEventIdx() {
        RawPackedRing ring = ring(2);
        SpecDriver driver = new SpecDriver(ring);
        Virtqueue queue = ring.activate(false, true);
        for (int i = 0; i < 5; i++) {
            queue.disableNotification();
            assertThat(ring.deviceFlags()).isEqualTo(RawPackedRing.DISABLE);
            assertThat(queue.enableNotification()).isFalse();
            assertThat(ring.deviceFlags()).isEqualTo(RawPackedRing.DESC);
            assertThat(ring.deviceOffWrap()).isEqualTo(i % 2 | (i / 2 % 2 == 0 ? 0x8000 : 0));
            driver.offer(0, new SpecDriver.Element(BUFFER, 1, true));
            useNext(queue);
            driver.poll();
        }
    }

    @Test
    void somethingAvailableMeanwhile_isReported() {
        for (boolean eventIdx : new boolean[] {false, true}) {
            RawPackedRing ring = ring(3);
            Virtqueue queue = ring.activate(false, eventIdx);
            queue.disableNotification();
            ring.offer(0, BUFFER, 1, 0, 0);
            assertThat(queue.enableNotification()).isTrue();
        }
    }

    /** The other direction of the same rule. */
    @Test
    void driverKicks_whenItMakesTheDescriptorOfTheEventAvailable() {
        int size = 5;
        DriverVirtqueue driver =
                DriverVirtqueue.create(memory, new GuestAllocator(memory), size, RingFeatures.packed(false, true), 0);
        DriverRingAddresses at = driver.addresses();
        RawPackedRing ring = new RawPackedRing(memory, size, at.descGpa(), at.availGpa(), at.usedGpa());
        SpecDevice device = new SpecDevice(ring);
        int position = 0;
        for (int round = 0; round < 10_000; round++) {
            int event = (position + round % 7 - 2 + 2 * size) % (2 * size);
            int length = 1 + round % 2;
            boolean expected = false;
            for (int i = 0; i < length; i++) {
                expected |= (position + i) % (2 * size) == event;
            }
            ring.deviceEvent(event % size | (event < size ? 0x8000 : 0), RawPackedRing.DESC);
            driver.add(new long[] {BUFFER, BUFFER}, new int[] {1, 1}, 0, length);
            driver.publish();
            assertThat(driver.needsKick()).as("round %d", round).isEqualTo(expected);
            ring.deviceEvent(0, RawPackedRing.DISABLE);
            assertThat(driver.needsKick()).isFalse();
            device.use(device.take(), 1);
            driver.pollUsed();
            position = (position + length) % (2 * size);
        }
    }

    @Test
    void driverAsksByDescriptor_withEventIdx_elseByFlags() {
        for (boolean eventIdx : new boolean[] {false, true}) {
            DriverVirtqueue driver = DriverVirtqueue.create(
                    memory, new GuestAllocator(memory), 2, RingFeatures.packed(false, eventIdx), 0);
            DriverRingAddresses at = driver.addresses();
            RawPackedRing ring = new RawPackedRing(memory, 2, at.descGpa(), at.availGpa(), at.usedGpa());
            SpecDevice device = new SpecDevice(ring);
            for (int i = 0; i < 5; i++) {
                driver.disableInterrupts();
                assertThat(ring.driverFlags()).isEqualTo(RawPackedRing.DISABLE);
                assertThat(driver.enableInterrupts()).isFalse();
                assertThat(ring.driverFlags()).isEqualTo(eventIdx ? RawPackedRing.DESC : RawPackedRing.ENABLE);
                assertThat(ring.driverOffWrap()).isEqualTo(eventIdx ? i % 2 | (i / 2 % 2 == 0 ? 0x8000 : 0) : 0);
                driver.add(new long[] {BUFFER}, new int[] {1}, 0, 1);
                driver.publish();
                device.use(device.take(), 1);
                assertThat(driver.enableInterrupts()).isTrue();
                driver.pollUsed();
            }
        }
    }
}
