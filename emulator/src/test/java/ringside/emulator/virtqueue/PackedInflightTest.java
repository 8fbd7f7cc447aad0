package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.Le;

/** A packed ring whose device is killed, and the next one that goes on with the record (vhost-user.rst). */
class PackedInflightTest {
    private static final int SIZE = 6;
    private static final long BUFFER = GuestMemories.BASE_GPA + 0x10000;
    private static final SpecDriver.Element ELEMENT = new SpecDriver.Element(BUFFER, 8, true);

    private final GuestMemory memory = GuestMemories.one();
    private final RawPackedRing ring = new RawPackedRing(memory, SIZE, GuestMemories.BASE_GPA);
    private final SpecDriver driver = new SpecDriver(ring);
    private final MemorySegment record = Arena.ofAuto().allocate(VirtqueueConfig.inflightBytes(true, SIZE), 64);
    private final DescriptorChain chain = new DescriptorChain();

    @AfterEach
    void close() {
        memory.close();
    }

    /** The next device; what the transport says about where to go on is stale, as after a kill. */
    private Virtqueue next(int expectedAgain) {
        Virtqueue queue = ring.activate(false, false);
        assertThat(queue.resume(VirtqueueConfig.freshBase(true), record)).isEqualTo(expectedAgain);
        return queue;
    }

    private void offer(int id, int segments) {
        SpecDriver.Element[] elements = new SpecDriver.Element[segments];
        Arrays.fill(elements, ELEMENT);
        driver.offer(id, elements);
    }

    private int take(Virtqueue queue) {
        int head = queue.nextHead();
        if (head >= 0) {
            assertThat(queue.readChain(head, chain)).isTrue();
        }
        return head;
    }

    @Test
    void killedWithRequestsInFlight_repeatsThemInTheirOrder() {
        offer(5, 2);
        offer(2, 1);
        offer(4, 3);
        Virtqueue queue = next(0);
        take(queue);
        take(queue);

        Virtqueue second = next(2);
        assertThat(take(second)).isEqualTo(5);
        assertThat(chain.segments()).isEqualTo(2);
        assertThat(take(second)).isEqualTo(2);
        assertThat(take(second)).as("never taken before").isEqualTo(4);
        assertThat(chain.segments()).isEqualTo(3);
    }

    /** The used descriptor of the later request has overwritten the earlier one's in the ring. */
    @Test
    void killedAfterUseOutOfOrder_repeatsWhatTheRingNoLongerHolds() {
        offer(0, 1);
        offer(1, 1);
        Virtqueue queue = next(0);
        take(queue);
        take(queue);
        queue.addUsed(1, 8);
        queue.publishUsed();
        assertThat(driver.poll()).contains(new SpecDriver.Used(1, 8));

        Virtqueue second = next(1);
        assertThat(take(second)).isEqualTo(0);
        assertThat(chain.lengths()[0]).isEqualTo(8);
        second.addUsed(0, 4);
        second.publishUsed();
        assertThat(driver.poll()).contains(new SpecDriver.Used(0, 4));
        assertThat(driver.room()).isEqualTo(SIZE);
    }

    /** Descriptors behind the first of a batch were written; the driver must not see them with the first of the next. */
    @Test
    void killedWithinABatch_theDriverNeverSeesItsRest() {
        offer(0, 1);
        offer(1, 1);
        offer(2, 1);
        Virtqueue queue = next(0);
        take(queue);
        take(queue);
        take(queue);
        queue.addUsed(2, 8);
        queue.addUsed(1, 8);
        queue.addUsed(0, 8);

        Virtqueue second = next(3);
        assertThat(take(second)).isEqualTo(0);
        second.addUsed(0, 8);
        second.publishUsed();
        assertThat(driver.poll()).contains(new SpecDriver.Used(0, 8));
        assertThat(driver.poll()).isEmpty();
    }

    @Test
    void stoppedInOrder_theTransportDecidesWhereToGoOn() {
        offer(0, 2);
        Virtqueue queue = next(0);
        take(queue);
        queue.addUsed(0, 8);
        queue.publishUsed();
        driver.poll();
        int base = queue.base();
        assertThat(base).isEqualTo(0x8002_8002);
        queue.releaseRecord();

        offer(3, 1);
        Virtqueue second = ring.activate(false, false);
        second.resume(base, record);
        assertThat(take(second)).isEqualTo(3);
    }

    /** The guest was reset meanwhile: its ring is zero again, and the record of the old one must not count. */
    @Test
    void stoppedAndReset_beginsAnew() {
        offer(0, 2);
        Virtqueue queue = next(0);
        take(queue);
        queue.addUsed(0, 8);
        queue.publishUsed();
        queue.releaseRecord();

        RawPackedRing fresh = new RawPackedRing(memory, SIZE, GuestMemories.BASE_GPA);
        new SpecDriver(fresh).offer(1, ELEMENT);
        assertThat(take(next(0))).isEqualTo(1);
    }

    /** Killed at every store of a batch's way into ring and record: nothing is lost, nothing comes twice. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void killedAnywhere_everyRequestCompletesOnce(int seed) {
        Choices choices = Choices.random(seed);
        Set<Integer> withDevice = new HashSet<>();
        Virtqueue queue = next(0);
        List<Integer> taken = new ArrayList<>();
        int completed = 0;
        int kills = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (choices.next(12)) {
                case 0, 1, 2 -> {
                    int id = choices.next(SIZE);
                    int segments = 1 + choices.next(3);
                    if (driver.isFree(id) && segments <= driver.room()) {
                        offer(id, segments);
                        withDevice.add(id);
                    }
                }
                case 3, 4, 5 -> {
                    int head = take(queue);
                    assertThat(head).isNotEqualTo(Virtqueue.FAULT);
                    if (head >= 0) {
                        taken.add(head);
                    }
                }
                case 6, 7, 8 -> {
                    if (!taken.isEmpty()) {
                        queue.addUsed(taken.remove(choices.next(taken.size())), 8);
                    }
                }
                case 9 -> queue.publishUsed();
                case 10 -> completed += reap(withDevice);
                default -> {
                    kills++;
                    queue = ring.activate(false, false);
                    queue.resume(0x1234, record);
                    taken.clear();
                }
            }
        }
        for (int head = take(queue); head >= 0; head = take(queue)) {
            taken.add(head);
        }
        for (int head : taken) {
            queue.addUsed(head, 8);
        }
        queue.publishUsed();
        completed += reap(withDevice);
        assertThat(withDevice).as("lost").isEmpty();
        assertThat(driver.room()).isEqualTo(SIZE);
        assertThat(completed).isGreaterThan(500);
        assertThat(kills).isGreaterThan(500);
    }

    private int reap(Set<Integer> withDevice) {
        int seen = 0;
        for (Optional<SpecDriver.Used> used = driver.poll(); used.isPresent(); used = driver.poll()) {
            assertThat(withDevice.remove(used.get().id()))
                    .as("buffer id %d came twice", used.get().id())
                    .isTrue();
            seen++;
        }
        return seen;
    }

    /** The steps of the document one by one, as a kill between two stores leaves them. */
    @Test
    void killedBetweenRingAndRecord_takesTheBatchOffTheRecord() {
        offer(0, 1);
        offer(1, 2);
        Virtqueue queue = next(0);
        take(queue);
        take(queue);
        byte[] before = record.toArray(ValueLayout.JAVA_BYTE);
        queue.addUsed(0, 8);
        queue.publishUsed();
        Map<String, byte[]> states = new HashMap<>();
        PackedInflightLog log = new PackedInflightLog(record, SIZE);
        assertThat(log.recover(0, _ -> true)).hasSize(1);

        // Entered as being used, given to the driver, and killed before that was entered as done.
        MemorySegment.copy(before, 0, record, ValueLayout.JAVA_BYTE, 0, before.length);
        PackedInflightLog interrupted = new PackedInflightLog(record, SIZE);
        assertThat(interrupted.recover(0, _ -> false)).hasSize(2);
        interrupted.using(new int[] {0}, 1, 1);
        states.put("using", record.toArray(ValueLayout.JAVA_BYTE));
        assertThat(new PackedInflightLog(record, SIZE).recover(0, _ -> true)).hasSize(1);

        // The same, but killed before it was given to the driver.
        MemorySegment.copy(states.get("using"), 0, record, ValueLayout.JAVA_BYTE, 0, before.length);
        assertThat(new PackedInflightLog(record, SIZE).recover(0, _ -> false)).hasSize(2);
    }

    @Test
    void recordThatContradictsItself_isRefusedInOneLine() {
        offer(0, 2);
        take(next(0));
        for (long at = 12; at < record.byteSize(); at += 2) {
            byte[] good = record.toArray(ValueLayout.JAVA_BYTE);
            for (int value : new int[] {0xffff, SIZE, 0, 1}) {
                Le.put16(record, at, value);
                resumesOrRefuses();
                MemorySegment.copy(good, 0, record, ValueLayout.JAVA_BYTE, 0, good.length);
            }
        }
        record.fill((byte) 0xff);
        Le.put16(record, 8, 1);
        Le.put16(record, 10, SIZE);
        assertThatThrownBy(() -> next(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in-flight record");
    }

    private void resumesOrRefuses() {
        Virtqueue queue = ring.activate(false, false);
        try {
            assertThat(queue.resume(0, record)).isBetween(0, SIZE);
            for (int i = 0; i < SIZE; i++) {
                int head = queue.nextHead();
                if (head < 0) {
                    return;
                }
                assertThat(head).isLessThan(SIZE);
                queue.readChain(head, chain);
            }
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains("in-flight record").doesNotContain("\n");
        }
    }

    @Test
    void regionTooSmall_isRefused() {
        Virtqueue queue = ring.activate(false, false);
        assertThatThrownBy(() -> queue.resume(0, record.asSlice(0, 64)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too small");
    }
}
