package ringside.emulator.eventloop;

/**
 * A source of work that an event loop drives: a virtqueue's kick, an engine's completions, a timer.
 *
 * <p>All methods are called on the loop's thread (for the main loop: with the big lock held, except
 * {@link #pollFd()}). The contract that makes blocking safe: before the loop blocks it calls
 * {@link #prepareToBlock()} on every task; from then until the next {@link #doWork()} a task must make its
 * {@link #pollFd()} readable when work arrives (or have announced a {@link #deadlineNs()}).
 */
public interface LoopTask {
    /** Short name for traces, for example {@code disk0/queue1} or {@code io_uring}. */
    String roleName();

    /** File descriptor that becomes readable when there may be work; -1 when there is none. Constant. */
    int pollFd();

    /** Does all work available now without blocking, and clears the notification. Returns the number of items done. */
    int doWork();

    /**
     * Arms the notification. Returns true when work arrived meanwhile, in which case the loop does not block. The task
     * may disarm again at the next {@link #doWork()}.
     */
    boolean prepareToBlock();

    /** The loop saw {@link #pollFd()} readable; clears it if {@link #doWork()} does not. Called before doWork. */
    default void acknowledge() {}

    /** When the task next wants {@link #doWork()} without a notification, in nanoTime's clock; MAX_VALUE for never. */
    default long deadlineNs() {
        return Long.MAX_VALUE;
    }

    /**
     * The task threw, or was found responsible for a fault in memory. Called once, in the context of the loop, after
     * the loop has detached the task; the loop and its other tasks go on. It may attach a task again. When it returns
     * from a fault in memory, nothing may fault there any more: the mapping has been replaced, or nobody uses it. What
     * it throws is logged.
     *
     * <p>The JVM may deliver the {@link InternalError} of a fault (SIGBUS on a mapping of a file that got shorter) a
     * little later than the access, also inside another task. See {@link #touchesForeignMemory()}.
     *
     * @param cause what was thrown
     */
    default void failed(Throwable cause) {}

    /**
     * Whether this task accesses memory that another process can take away. An {@link InternalError} that surfaces
     * while no such task runs is told to every attached task that says yes here. Asked only after a failure.
     */
    default boolean touchesForeignMemory() {
        return false;
    }
}
