package ringside.workloads.conformance.bench;

/**
 * Where a virtqueue lies.
 *
 * @param size entries
 * @param descGpa descriptor area
 * @param driverGpa driver area: available ring, or driver event suppression
 * @param deviceGpa device area: used ring, or device event suppression
 */
public record QueueLayout(int size, long descGpa, long driverGpa, long deviceGpa) {}
