package ringside.workloads.target;

import ringside.workloads.unit.IoUnit;

/**
 * One submission queue of something that does I/O. Confined to one thread. Submitting, committing and polling do not
 * allocate.
 */
public interface IoTarget extends AutoCloseable {
    /** Size of the disk in bytes. */
    long capacityBytes();

    /** Largest number of units in flight at once. */
    int maxDepth();

    /** Makes units with buffers of this size in the target's memory; call once, before the load starts. */
    IoUnit[] allocateUnits(int depth, int bufferBytes);

    /** Queues a unit. It need not be visible to the device before {@link #commit()}. */
    SubmitStatus submit(IoUnit unit);

    /** Makes all queued units visible to the device and notifies it if it wants to be. */
    void commit();

    /** The next completed unit, with {@link IoUnit#error} set, or null when none is complete now. Does not block. */
    IoUnit poll();

    /**
     * Arms the completion notification before the thread halts. Returns true when a completion arrived meanwhile, so
     * the thread must not halt.
     */
    boolean prepareToHalt();

    @Override
    void close();
}
