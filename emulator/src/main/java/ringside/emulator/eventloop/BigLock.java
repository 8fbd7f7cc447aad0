package ringside.emulator.eventloop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import ringside.emulator.ffi.LibC;
import ringside.emulator.trace.LockWaitEvent;
import ringside.emulator.trace.LogHistogram;

/**
 * The big lock (QEMU: BQL): one global mutex that main loop and vCPU threads take in turn.
 *
 * <p>It is a futex mutex with the hand-over behaviour of the pthread mutex that QEMU uses: no fairness, no spinning,
 * one wake-up per release while somebody waits. It is not reentrant and does not allocate. Wait and hold times are
 * recorded under the lock itself, so the histograms need no other protection; an acquisition without contention counts
 * as a wait of 0 without reading the clock for it.
 */
public final class BigLock implements AutoCloseable {
    private static final VarHandle STATE = ValueLayout.JAVA_INT.varHandle();
    private static final int FREE = 0;
    private static final int HELD = 1;
    private static final int HELD_WITH_WAITERS = 2;
    private static final long NO_TIMEOUT = -1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(128, 128);
    private final long address = state.address();
    private final boolean instrumented;
    private final LogHistogram waitNs = new LogHistogram();
    private final LogHistogram holdNs = new LogHistogram();
    private final LockWaitEvent longWait = new LockWaitEvent("big lock");
    private Thread owner;
    private long acquiredNs;

    /** @param instrumented whether wait and hold times are recorded */
    public BigLock(boolean instrumented) {
        this.instrumented = instrumented;
    }

    /** Waits for the lock and takes it. */
    public void lock() {
        long waited = 0;
        if ((int) STATE.compareAndExchangeAcquire(state, 0L, FREE, HELD) != FREE) {
            waited = lockContended();
        }
        owner = Thread.currentThread();
        if (instrumented) {
            if (waited >= LockWaitEvent.LONG_NS) {
                longWait.write(waited);
            }
            waitNs.record(waited);
            acquiredNs = System.nanoTime();
        }
    }

    /** Whoever sleeps leaves the state at "with waiters", so the holder knows that a wake-up is due. */
    private long lockContended() {
        long start = instrumented ? System.nanoTime() : 0;
        while ((int) STATE.getAndSetAcquire(state, 0L, HELD_WITH_WAITERS) != FREE) {
            LibC.futexWait(address, HELD_WITH_WAITERS, NO_TIMEOUT);
        }
        return instrumented ? System.nanoTime() - start : 0;
    }

    /**
     * Releases the lock.
     *
     * @throws IllegalMonitorStateException when the calling thread does not hold it
     */
    public void unlock() {
        if (owner != Thread.currentThread()) {
            throw new IllegalMonitorStateException("the big lock is not held by " + Thread.currentThread());
        }
        if (instrumented) {
            holdNs.record(System.nanoTime() - acquiredNs);
        }
        owner = null;
        if ((int) STATE.getAndSetRelease(state, 0L, FREE) == HELD_WITH_WAITERS) {
            LibC.futexWake(address, 1);
        }
    }

    /** Whether the calling thread holds the lock. */
    public boolean heldByCurrentThread() {
        return owner == Thread.currentThread();
    }

    /** Copies of the histograms, taken under the lock: wait times. */
    public LogHistogram waitNs() {
        return copy(waitNs);
    }

    /** Copies of the histograms, taken under the lock: hold times. */
    public LogHistogram holdNs() {
        return copy(holdNs);
    }

    private LogHistogram copy(LogHistogram histogram) {
        lock();
        try {
            return histogram.snapshot();
        } finally {
            unlock();
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
