package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;

/** The crossing rule against a model that looks at each published entry on its own. */
@SpecClause({"VIRTIO-1.2 2.7.7.2", "VIRTIO-1.2 2.7.10"})
class EventIndexTest {
    private static final int INDICES = 1 << 16;

    /** The clause itself: notify if the index of any of the new entries equals the event index. */
    private static BitSet eventsThatNotify(int oldIndex, int batch) {
        BitSet notify = new BitSet(INDICES);
        for (int entry = 0; entry < batch; entry++) {
            notify.set((oldIndex + entry) & 0xffff);
        }
        return notify;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x7ffe, 0x7fff, 0x8000, 0xfff0, 0xfffe, 0xffff})
    void allEventsAndBatches_agreeWithTheClause(int oldIndex) {
        for (int batch = 0; batch <= 64; batch++) {
            assertAllEvents(oldIndex, batch);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 255, 256, 1024, 4096, 32767, 32768})
    void largeBatches_agreeWithTheClause(int batch) {
        for (int oldIndex : new int[] {0, 1, 0x8000, 0xffff, INDICES - batch, (INDICES - batch / 2) & 0xffff}) {
            assertAllEvents(oldIndex & 0xffff, batch);
        }
    }

    private static void assertAllEvents(int oldIndex, int batch) {
        BitSet expected = eventsThatNotify(oldIndex, batch);
        int newIndex = (oldIndex + batch) & 0xffff;
        for (int event = 0; event < INDICES; event++) {
            if (EventIndex.crossed(event, newIndex, oldIndex) != expected.get(event)) {
                assertThat(EventIndex.crossed(event, newIndex, oldIndex))
                        .as("event %d, old %d, batch %d", event, oldIndex, batch)
                        .isEqualTo(expected.get(event));
            }
        }
    }

    @Test
    void everyStartIndex_agreesWithTheClauseAroundTheBatch() {
        for (int oldIndex = 0; oldIndex < INDICES; oldIndex++) {
            for (int batch = 1; batch <= 4; batch++) {
                int newIndex = (oldIndex + batch) & 0xffff;
                for (int offset = -2; offset <= batch + 1; offset++) {
                    boolean expected = offset >= 0 && offset < batch;
                    boolean actual = EventIndex.crossed((oldIndex + offset) & 0xffff, newIndex, oldIndex);
                    if (actual != expected) {
                        assertThat(actual)
                                .as("old %d, batch %d, offset %d", oldIndex, batch, offset)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }
}
