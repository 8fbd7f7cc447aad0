package ringside.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * The device's decision to notify, at a real ring, for every event index there is and batches of all sizes that the ring
 * can hold, used.idx wrapping meanwhile. {@link SplitModel} looks at each entry of a batch on its own, as the clause does.
 */
class ExhaustiveNotificationTest {
    private static final int INDICES = 1 << 16;
    private static final int SIZE = 16;
    private static final long RING = Twin.LOW_GPA;

    private final Twin twin = new Twin();
    private Virtqueue queue;
    private SplitModel model;
    private SplitModel.Layout layout;

    @AfterEach
    void close() {
        twin.close();
    }

    private void begin(boolean eventIdx) {
        long avail = RING + 16L * SIZE;
        layout = new SplitModel.Layout(SIZE, RING, avail, avail + 6 + 2L * SIZE + 3 & -4L);
        twin.driveZeroes(RING, 0x400);
        queue = new VirtqueueConfig(SIZE, layout.desc(), layout.avail(), layout.used(), false, eventIdx)
                .activate(twin.memory);
        model = new SplitModel(twin, layout, false, eventIdx);
    }

    /** Returns the decision, which must be the model's. */
    private boolean use(int batch) {
        for (int i = 0; i < batch; i++) {
            queue.addUsed(i % SIZE, 0);
            model.addUsed(i % SIZE, 0);
        }
        queue.publishUsed();
        model.publish();
        boolean notifies = queue.needsNotification();
        boolean expected = model.notifies();
        if (notifies != expected) {
            throw new AssertionError("used.idx %d after a batch of %d, used_event %d: notifies %s"
                    .formatted(model.visible(), batch, twin.get16(layout.avail() + 4 + 2L * SIZE), notifies));
        }
        return notifies;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 15, 16})
    @SpecClause("VIRTIO-1.2 2.7.7.2")
    void everyEventIndex_notifiesExactlyWhenAnEntryOfTheBatchHasIt(int batch) {
        begin(true);
        int notifications = 0;
        for (int offset = 0; offset < INDICES; offset++) {
            twin.drive16(layout.avail() + 4 + 2L * SIZE, model.visible() + offset);
            notifications += use(batch) ? 1 : 0;
        }
        assertThat(notifications).isEqualTo(batch);
        twin.assertSame();
    }

    /** The driver does not move its index: it hears once per lap, whatever the batches are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    @SpecClause("VIRTIO-1.2 2.7.7.2")
    void eventIndexThatStays_notifiesOncePerLap(int batch) {
        begin(true);
        int laps = 3;
        int notifications = 0;
        for (int done = 0; done < laps * INDICES; done += batch) {
            notifications += use(batch) ? 1 : 0;
        }
        assertThat(notifications).isBetween(laps, laps + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @SpecClause("VIRTIO-1.2 2.7.7.2")
    void everyEventIndexWithoutTheFeature_isIgnored(int flags) {
        begin(false);
        twin.drive16(layout.avail(), flags);
        for (int event = 0; event < INDICES; event++) {
            twin.drive16(layout.avail() + 4 + 2L * SIZE, event);
            assertThat(use(1)).isEqualTo(flags == 0);
        }
        twin.assertSame();
    }
}
