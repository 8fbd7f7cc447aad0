package ringside.emulator.vfiouser;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.pci.InterruptSink;

/**
 * Interrupts as eventfds of the client. MSI-X vectors are signalled from any thread without a lock; INT#x is level
 * triggered and masks itself until the client unmasks it, as with VFIO.
 *
 * <p>A notifier that the client replaces may just be signalled by a completion, so it is closed only when the function
 * pauses: {@link #closeReplaced()}.
 */
final class VfioInterrupts implements InterruptSink {
    private final AtomicReferenceArray<EventNotifier> vectors;
    private final List<EventNotifier> replaced = new ArrayList<>();
    private final Object line = new Object();
    private final Runnable memoryGone;
    private EventNotifier intx;
    private boolean asserted;
    private boolean masked;

    /** @param memoryGone what to do when the client has taken its memory away; any thread */
    VfioInterrupts(int vectors, Runnable memoryGone) {
        this.memoryGone = memoryGone;
        this.vectors = new AtomicReferenceArray<>(vectors);
    }

    @Override
    public boolean masksVectors() {
        return true;
    }

    @Override
    public void message(int vector, long address, int data) {
        EventNotifier told = vectors.get(vector);
        if (told != null) {
            told.signal();
        }
    }

    @Override
    public void memoryGone() {
        memoryGone.run();
    }

    @Override
    public void intx(boolean level) {
        synchronized (line) {
            asserted = level;
            raise();
        }
    }

    private void raise() {
        if (asserted && !masked && intx != null) {
            masked = true;
            intx.signal();
        }
    }

    void maskIntx() {
        synchronized (line) {
            masked = true;
        }
    }

    void unmaskIntx() {
        synchronized (line) {
            masked = false;
            raise();
        }
    }

    /** Sets the notifier of a vector; null for none. */
    void vector(int vector, EventNotifier told) {
        retire(vectors.getAndSet(vector, told));
    }

    /** Sets the notifier of INT#x, unmasked; null for none. */
    void line(EventNotifier told) {
        synchronized (line) {
            retire(intx);
            intx = told;
            masked = false;
            raise();
        }
    }

    private void retire(EventNotifier before) {
        if (before != null) {
            replaced.add(before);
        }
    }

    /** Replaced notifiers that are still open. */
    int replaced() {
        return replaced.size();
    }

    /** Closes what was replaced. Only while the function is paused. */
    void closeReplaced() {
        replaced.forEach(EventNotifier::close);
        replaced.clear();
    }

    /** Forgets all notifiers. */
    void clear() {
        for (int i = 0; i < vectors.length(); i++) {
            vector(i, null);
        }
        line(null);
    }
}
