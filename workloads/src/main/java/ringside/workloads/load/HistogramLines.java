package ringside.workloads.load;

import java.util.Arrays;
import ringside.workloads.job.JobLogs;
import ringside.workloads.latency.FioBuckets;
import ringside.workloads.unit.IoUnit;

/**
 * fio's histogram log: per window and direction a line with the time in ms, the direction, the largest length and how many
 * requests fell into each bucket of {@link FioBuckets}. Confined to one thread; adding does not allocate.
 */
final class HistogramLines {
    private static final long NS_PER_MS = 1_000_000;
    private static final int DIRECTIONS = 3;
    private static final int MAX_COLUMN_BYTES = 22;

    private final LineLog log;
    private final int step;
    private final long windowNs;
    private final long[][] buckets = new long[DIRECTIONS][FioBuckets.COUNT];
    private final long[] ios = new long[DIRECTIONS];
    private final long[] largestBytes = new long[DIRECTIONS];
    private long originNs;
    private long epochMs;
    private long windowStartNs;

    HistogramLines(LineLog log, JobLogs rules) {
        this.log = log;
        this.step = 1 << rules.coarseness();
        this.windowNs = rules.histogramMs() * NS_PER_MS;
    }

    /** @param beginMs what times begin with */
    void begin(long nowNs, long beginMs) {
        originNs = nowNs;
        epochMs = beginMs;
        windowStartNs = nowNs;
        for (int i = 0; i < DIRECTIONS; i++) {
            clear(i);
        }
    }

    void add(IoUnit unit, long clatNs, long nowNs) {
        closeWindows(nowNs);
        int direction = (int) SampleLogs.direction(unit.op);
        buckets[direction][FioBuckets.index(Math.max(0, clatNs))]++;
        ios[direction]++;
        largestBytes[direction] = Math.max(largestBytes[direction], unit.lengthBytes);
    }

    void end(long nowNs) {
        closeWindows(nowNs);
        write(nowNs);
    }

    private void closeWindows(long nowNs) {
        if (nowNs - windowStartNs >= windowNs) {
            write(windowStartNs + windowNs);
            windowStartNs += (nowNs - windowStartNs) / windowNs * windowNs;
        }
    }

    private void write(long endNs) {
        for (int direction = 0; direction < DIRECTIONS; direction++) {
            if (ios[direction] > 0) {
                write(direction, epochMs + (endNs - originNs) / NS_PER_MS);
                clear(direction);
            }
        }
    }

    private void write(int direction, long ms) {
        log.begin(MAX_COLUMN_BYTES * (3 + FioBuckets.COUNT / step));
        log.put(ms).next(direction).next(largestBytes[direction]);
        for (int at = 0; at < FioBuckets.COUNT; at += step) {
            long sum = 0;
            for (int i = at; i < at + step; i++) {
                sum += buckets[direction][i];
            }
            log.next(sum);
        }
        log.put('\n');
    }

    private void clear(int direction) {
        Arrays.fill(buckets[direction], 0);
        ios[direction] = 0;
        largestBytes[direction] = 0;
    }
}
