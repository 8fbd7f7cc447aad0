package ringside.workloads.trace;

import java.nio.file.Path;

/**
 * What a trace needs of a disk and of a job.
 *
 * @param requests number of requests
 * @param reads of which read
 * @param writes of which write
 * @param trims of which discard
 * @param minBytes shortest length of a read or write, 0 when there is none
 * @param maxBytes longest length of a read or write
 * @param minTrimBytes shortest length of a trim, 0 when there is none
 * @param maxTrimBytes longest length of a trim
 * @param endBytes first byte behind the last one touched
 * @param commonBytes largest number that divides all offsets and lengths
 * @param durationNs from the first request to the last
 */
public record TraceSummary(
        long requests,
        long reads,
        long writes,
        long trims,
        int minBytes,
        int maxBytes,
        int minTrimBytes,
        int maxTrimBytes,
        long endBytes,
        long commonBytes,
        long durationNs) {
    static TraceSummary of(Trace trace) {
        long[] counts = new long[TraceOp.values().length];
        int[] min = new int[counts.length];
        int[] max = new int[counts.length];
        long end = 0;
        long common = 0;
        for (int i = 0; i < trace.size(); i++) {
            int op = trace.op(i).ordinal();
            int length = trace.lengthBytes(i);
            min[op] = counts[op] == 0 ? length : Math.min(min[op], length);
            max[op] = Math.max(max[op], length);
            counts[op]++;
            end = Math.max(end, trace.offsetBytes(i) + length);
            common = gcd(gcd(common, trace.offsetBytes(i)), length);
        }
        int read = TraceOp.READ.ordinal();
        int write = TraceOp.WRITE.ordinal();
        int trim = TraceOp.TRIM.ordinal();
        boolean one = counts[read] == 0 || counts[write] == 0;
        return new TraceSummary(
                trace.size(),
                counts[read],
                counts[write],
                counts[trim],
                one ? min[read] + min[write] : Math.min(min[read], min[write]),
                Math.max(max[read], max[write]),
                min[trim],
                max[trim],
                end,
                common,
                trace.timeNs(trace.size() - 1));
    }

    /**
     * The summary of a trace that need not be kept; one that was read before is read again only when the file has changed.
     *
     * @throws TraceException as {@link Trace#read}
     */
    public static TraceSummary of(Path file, TraceRules rules) {
        return SummaryCache.get(file, rules);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
