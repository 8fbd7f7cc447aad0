package ringside.workloads.conformance.bench;

/**
 * One element of a request as the driver describes it.
 *
 * @param gpa guest physical address
 * @param bytes length, 32 bits unsigned
 * @param writable whether the device may write it (VIRTQ_DESC_F_WRITE)
 */
public record Buffer(long gpa, long bytes, boolean writable) {
    /** A device-readable element. */
    public static Buffer readable(long gpa, long bytes) {
        return new Buffer(gpa, bytes, false);
    }

    /** A device-writable element. */
    public static Buffer writable(long gpa, long bytes) {
        return new Buffer(gpa, bytes, true);
    }
}
