package ringside.workloads.trace;

/**
 * What a trace needs of a disk and of a job.
 *
 * @param requests number of requests
 * @param reads of which read
 * @param writes of which write
 * @param trims of which discard
 * @param minBytes shortest length of those three
 * @param maxBytes longest length
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
        long endBytes,
        long commonBytes,
        long durationNs) {
    static TraceSummary of(Trace trace) {
        long[] counts = new long[TraceOp.values().length];
        int min = Integer.MAX_VALUE;
        int max = 0;
        long end = 0;
        long common = 0;
        for (int i = 0; i < trace.size(); i++) {
            TraceOp op = trace.op(i);
            counts[op.ordinal()]++;
            if (op != TraceOp.SYNC) {
                min = Math.min(min, trace.lengthBytes(i));
                max = Math.max(max, trace.lengthBytes(i));
                end = Math.max(end, trace.offsetBytes(i) + trace.lengthBytes(i));
                common = gcd(gcd(common, trace.offsetBytes(i)), trace.lengthBytes(i));
            }
        }
        return new TraceSummary(
                trace.size(),
                counts[TraceOp.READ.ordinal()],
                counts[TraceOp.WRITE.ordinal()],
                counts[TraceOp.TRIM.ordinal()],
                min,
                max,
                end,
                common,
                trace.timeNs(trace.size() - 1));
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
