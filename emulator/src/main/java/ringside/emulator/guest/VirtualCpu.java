package ringside.emulator.guest;

import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.ffi.LibC;
import ringside.emulator.transport.InterruptRoute;

/**
 * A vCPU as far as waiting is concerned: a thread that halts until an interrupt is pending. An interrupt for a running
 * vCPU costs no system call, as with posted interrupts; one for a halted vCPU costs an eventfd write.
 */
public final class VirtualCpu implements InterruptRoute, AutoCloseable {
    private final EventNotifier wakeUp = new EventNotifier();
    private volatile boolean pending;
    private volatile boolean halted;

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
        halted = true;
        if (!pending) {
            LibC.waitReadable(wakeUp.fd(), maxNs);
            halted = false;
            wakeUp.clear();
        } else {
            halted = false;
        }
        boolean interrupted = pending;
        pending = false;
        return interrupted;
    }

    @Override
    public void close() {
        wakeUp.close();
    }
}
