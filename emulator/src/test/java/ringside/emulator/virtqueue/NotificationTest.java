package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** When the device side notifies, and how it asks not to be kicked. */
class NotificationTest {
    private static final int SIZE = 8;

    private final GuestMemory memory = GuestMemories.one();
    private final RawSplitRing ring = new RawSplitRing(memory, SIZE, GuestMemories.BASE_GPA);

    @AfterEach
    void close() {
        memory.close();
    }

    private static boolean use(Virtqueue queue, int elements) {
        for (int i = 0; i < elements; i++) {
            queue.addUsed(i, 1);
        }
        queue.publishUsed();
        return queue.needsNotification();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 0x7fff, 0xffff})
    @SpecClause("VIRTIO-1.2 2.7.7.2")
    void withoutEventIdx_usedEventIsIgnored(int event) {
        Virtqueue queue = ring.usedEvent(event).activate(false, false);
        assertThat(use(queue, 1)).isTrue();
        assertThat(use(queue, 3)).isTrue();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.7.7.2", "VIRTIO-1.2 2.7.7.1"})
    void withoutEventIdx_flagsDecide() {
        Virtqueue queue = ring.availFlags(1).activate(false, false);
        assertThat(use(queue, 1)).isFalse();
        ring.availFlags(0);
        assertThat(use(queue, 1)).isTrue();
        ring.availFlags(0xfffe);
        assertThat(use(queue, 1)).as("undefined bits are ignored").isTrue();
        ring.availFlags(0xffff);
        assertThat(use(queue, 1)).isFalse();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.7.7.2", "VIRTIO-1.2 2.7.7.1"})
    void withEventIdx_flagsAreIgnored() {
        Virtqueue queue = ring.availFlags(1).usedEvent(0).activate(false, true);
        assertThat(use(queue, 1)).isTrue();
        ring.availFlags(0xffff).usedEvent(1);
        assertThat(use(queue, 1)).isTrue();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.7.2")
    void withEventIdx_onlyTheEntryAtUsedEventNotifies() {
        Virtqueue queue = ring.usedEvent(2).activate(false, true);
        assertThat(use(queue, 1)).isFalse();
        assertThat(use(queue, 1)).isFalse();
        assertThat(use(queue, 1)).isTrue();
        assertThat(use(queue, 1)).isFalse();
    }

    /** Over the 16-bit wrap, with the batch sizes of a busy queue, against the clause entry by entry. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8})
    @SpecClause("VIRTIO-1.2 2.7.7.2")
    void withEventIdx_batchesOverTheWrapNotifyWhenTheyPassTheEvent(int batch) {
        Virtqueue queue = ring.activate(false, true);
        int index = 0;
        for (int published = 0; published < 3 * 65_536; published += batch) {
            int event = (index + published % 11 - 2) & 0xffff;
            boolean expected = false;
            for (int i = 0; i < batch; i++) {
                expected |= ((index + i) & 0xffff) == event;
            }
            ring.usedEvent(event);
            if (use(queue, batch) != expected) {
                assertThat(!expected)
                        .as("index %d, event %d, batch %d", index, event, batch)
                        .isEqualTo(expected);
            }
            index = (index + batch) & 0xffff;
        }
        assertThat(ring.usedIdx()).isEqualTo(index);
    }

    /** Several publications, one decision: none of the entries since the last decision is forgotten. */
    @Test
    @SpecClause("VIRTIO-1.2 2.7.7.2")
    void withEventIdx_decisionCoversAllPublicationsSinceTheLastOne() {
        Virtqueue queue = ring.usedEvent(0).activate(false, true);
        for (int i = 0; i < 3; i++) {
            queue.addUsed(i, 1);
            queue.publishUsed();
        }
        assertThat(queue.needsNotification()).isTrue();
        assertThat(queue.needsNotification()).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.2")
    void withoutEventIdx_usedFlagsAreZeroOrOne() {
        Virtqueue queue = ring.garbageInUsed(0).activate(false, false);
        assertThat(ring.usedFlags()).isZero();
        queue.disableNotification();
        assertThat(ring.usedFlags()).isEqualTo(1);
        queue.disableNotification();
        assertThat(ring.usedFlags()).isEqualTo(1);
        assertThat(queue.enableNotification()).isFalse();
        assertThat(ring.usedFlags()).isZero();
        assertThat(ring.availEvent())
                .as("avail_event is not ours without EVENT_IDX")
                .isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.2")
    void withEventIdx_usedFlagsStayZeroAndAvailEventMoves() {
        Virtqueue queue = ring.desc(0, GuestMemories.BASE_GPA + 0x8000, 1, 0, 0)
                .offer(0)
                .offer(0)
                .activate(false, true);
        queue.disableNotification();
        assertThat(ring.usedFlags()).isZero();
        queue.nextHead();
        assertThat(queue.enableNotification()).as("one more is available").isTrue();
        assertThat(ring.availEvent()).isEqualTo(1);
        queue.nextHead();
        assertThat(queue.enableNotification()).isFalse();
        assertThat(ring.availEvent()).isEqualTo(2);
        assertThat(ring.usedFlags()).isZero();
    }

    /** A driver may leave garbage in the used ring; without EVENT_IDX enabling must repair the flags. */
    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.2")
    void garbageInUsedFlags_isOverwrittenWhenTheDeviceArms() {
        Virtqueue queue = ring.garbageInUsed(0xffff).activate(false, false);
        queue.enableNotification();
        assertThat(ring.usedFlags()).isZero();
    }

    @Test
    void somethingAvailableMeanwhile_isReportedInBothModes() {
        for (boolean eventIdx : new boolean[] {false, true}) {
            RawSplitRing fresh = new RawSplitRing(memory, SIZE, GuestMemories.BASE_GPA + 0x1000);
            Virtqueue queue = fresh.activate(false, eventIdx);
            queue.disableNotification();
            fresh.desc(0, GuestMemories.BASE_GPA, 1, 0, 0).offer(0);
            assertThat(queue.enableNotification()).isTrue();
        }
    }
}
