package ringside.workloads.conformance.bench;

/**
 * What the device gave back.
 *
 * @param id head of the chain (split) or buffer ID (packed)
 * @param lengthBytes bytes it says to have written
 */
public record Used(int id, long lengthBytes) {}
