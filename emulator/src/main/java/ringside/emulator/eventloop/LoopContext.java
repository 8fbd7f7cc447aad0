package ringside.emulator.eventloop;

import ringside.emulator.trace.CounterBlock;

/** What tasks and engines may ask of the loop they are attached to (QEMU: AioContext). */
public interface LoopContext {
    /** Name of the loop, for example {@code main-loop} or {@code iothread0}. */
    String name();

    /**
     * Makes a loop that is blocked, or about to block, run one more iteration. Any thread. Costs a system call only
     * when the loop is blocked.
     */
    void wake();

    /**
     * Runs the bottom half once at the end of the current pass of the loop. Call in the context of the loop (on its
     * thread, or under the big lock for the main loop). Scheduling one that is already scheduled does nothing.
     */
    void schedule(BottomHalf bottomHalf);

    /** Attaches a task; in the context of the loop, or before the loop starts. */
    void attach(LoopTask task);

    /** Detaches a task; in the context of the loop, or after the loop stopped. */
    void detach(LoopTask task);

    /** Counters of this loop. */
    CounterBlock counters();
}
