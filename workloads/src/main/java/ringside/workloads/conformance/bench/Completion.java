package ringside.workloads.conformance.bench;

/**
 * A request that came back.
 *
 * @param status its status byte
 * @param usedBytes what the ring says was written
 */
public record Completion(int status, long usedBytes) {
    /** For evidence. */
    public String describe() {
        return BlkRequest.statusName(status) + ", len " + usedBytes;
    }
}
