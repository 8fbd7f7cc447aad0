package ringside.emulator.guest;

import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.ffi.LibC;
import ringside.emulator.transport.InterruptRoute;

/**
 * A vCPU as far as waiting is concerned: a thread that halts until an interrupt is pending. An interrupt for a running
 * vCPU costs no system call, as with posted interrupts; one for a halted vCPU costs an eventfd write.
 *
 * <p>Before it blocks, the vCPU polls for a self-tuned time, as KVM does on the host (halt_poll_ns, default 200,000):
 * waking a blocked thread costs tens of microseconds, which would otherwise hide what is being measured.
 */
public final class VirtualCpu implements InterruptRoute, AutoCloseable {
    private final EventNotifier wakeUp = new EventNotifier();
    private volatile boolean pending;
    private volatile boolean halted;
    private final HaltPolling polling;

    /** @param haltPollMaxNs upper bound of the polling before a block, in nanoseconds; 0 switches it off */
    public VirtualCpu(long haltPollMaxNs) {
        polling = new HaltPolling(haltPollMaxNs);
    }

    @Override
    public void interrupt() {
        pending = true;
        // Volatile store and load: either this thread sees the vCPU halted, or the vCPU sees the interrupt before it
        // blocks (Dekker).
        if (halted) {
            wakeUp.signal();
        }
    }

    /**
     * Halts until an interrupt is pending or the time is over. On the vCPU's own thread.
     *
     * @param maxNs upper bound of the wait in nanoseconds
     * @return whether an interrupt was pending; it is cleared
     */
    public boolean halt(long maxNs) {
        if (!pending && polling.enabled()) {
            long start = System.nanoTime();
            if (!poll(start)) {
                block(maxNs);
            }
            polling.adjust(System.nanoTime() - start);
        } else if (!pending) {
            block(maxNs);
        }
        if (!pending) {
            return false; // clearing here could lose an interrupt that comes just now
        }
        pending = false; // one that came before this store is answered by the handler that runs next
        return true;
    }

    private boolean poll(long start) {
        long deadline = start + polling.currentNs();
        while (!pending && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return pending;
    }

    private void block(long maxNs) {
        halted = true;
        if (pending) {
            halted = false;
            return;
        }
        LibC.waitReadable(wakeUp.fd(), maxNs);
        halted = false;
        wakeUp.clear();
    }

    @Override
    public void close() {
        wakeUp.close();
    }
}
