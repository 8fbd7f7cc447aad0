package ringside.workloads.target;

/**
 * The queues that load threads drive, and how each thread waits. Built by whoever knows the machine; closed after the
 * load has drained.
 */
public interface TargetSet extends AutoCloseable {
    /** Number of disks. */
    int disks();

    /** Number of queues of each disk. */
    int queuesPerDisk();

    /** Whether writes to a disk are refused; a job that writes then does not start. */
    default boolean readOnly(int disk) {
        return false;
    }

    /**
     * The target for a queue of a disk, to be driven by this load thread only.
     *
     * <p>Called by the thread that starts the run, before the load thread begins; the same thread closes the target after
     * the load thread has ended.
     *
     * @param thread index of the load thread (vCPU) that will drive it; its halts are woken by this queue
     */
    IoTarget open(int disk, int queue, int thread);

    /** How a load thread waits. */
    HaltPolicy haltPolicy(int thread);

    @Override
    void close();
}
