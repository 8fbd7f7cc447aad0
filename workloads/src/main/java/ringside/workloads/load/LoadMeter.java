package ringside.workloads.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * What one load thread has done: running totals that any thread may read, and a series of equal intervals that may be
 * read after the load thread has ended. Single writer; recording does not allocate.
 */
public final class LoadMeter {
    private static final VarHandle IOS;
    private static final VarHandle BYTES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            IOS = lookup.findVarHandle(LoadMeter.class, "ios", long.class);
            BYTES = lookup.findVarHandle(LoadMeter.class, "bytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long intervalNs;
    private final long[] seriesIos;
    private final long[] seriesBytes;
    private long ios;
    private long bytes;
    private int interval = -1;
    private long nextNs = Long.MAX_VALUE;

    /**
     * @param intervalNs length of an interval
     * @param intervals how many are kept; what comes later is in the totals only
     */
    public LoadMeter(long intervalNs, int intervals) {
        this.intervalNs = intervalNs;
        this.seriesIos = new long[intervals];
        this.seriesBytes = new long[intervals];
    }

    /** Begins the series and sets the totals to zero. The start may lie a little in the past. */
    public void beginSeries(long startNs) {
        Arrays.fill(seriesIos, 0);
        Arrays.fill(seriesBytes, 0);
        interval = 0;
        nextNs = startNs + intervalNs;
        IOS.setOpaque(this, 0L);
        BYTES.setOpaque(this, 0L);
    }

    /** Adds what was reaped at this time. */
    void add(long nowNs, long moreIos, long moreBytes) {
        IOS.setOpaque(this, ios + moreIos);
        BYTES.setOpaque(this, bytes + moreBytes);
        while (nowNs >= nextNs) {
            nextNs += intervalNs;
            interval++;
        }
        if (interval >= 0 && interval < seriesIos.length) {
            seriesIos[interval] += moreIos;
            seriesBytes[interval] += moreBytes;
        }
    }

    /** Requests since the series began, or in the ramp; a slightly stale value when the load is on. */
    public long ios() {
        return (long) IOS.getOpaque(this);
    }

    /** Bytes, likewise. */
    public long bytes() {
        return (long) BYTES.getOpaque(this);
    }

    /** Number of intervals that are kept. */
    public int intervals() {
        return seriesIos.length;
    }

    /** Requests in an interval. */
    public long iosIn(int index) {
        return seriesIos[index];
    }

    /** Bytes in an interval. */
    public long bytesIn(int index) {
        return seriesBytes[index];
    }
}
