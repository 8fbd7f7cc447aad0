package ringside.harness.serve;

/**
 * Totals of a lane.
 *
 * @param failed requests that came back with an error
 * @param stuck requests that took longer than five seconds
 * @param lost requests that had not come back half a minute after the end
 * @param longestNs the longest time of a request
 */
public record SoakCounts(long reads, long writes, long flushes, long failed, long stuck, long lost, long longestNs) {
    SoakCounts plus(SoakCounts other) {
        return new SoakCounts(
                reads + other.reads,
                writes + other.writes,
                flushes + other.flushes,
                failed + other.failed,
                stuck + other.stuck,
                lost + other.lost,
                Math.max(longestNs, other.longestNs));
    }
}
