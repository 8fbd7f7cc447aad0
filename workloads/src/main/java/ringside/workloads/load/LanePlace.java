package ringside.workloads.load;

/**
 * Where a lane runs.
 *
 * @param disk index of the disk
 * @param queue index of the disk's queue
 * @param cloneIndex which of the job's numjobs clones on this disk
 * @param thread index of the load thread
 */
public record LanePlace(int disk, int queue, int cloneIndex, int thread) {}
