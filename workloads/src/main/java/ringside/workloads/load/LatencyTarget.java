package ringside.workloads.load;

import ringside.workloads.job.DepthSearch;
import ringside.workloads.job.JobDepth;

/**
 * Looks for the largest depth at which a lane's latency keeps to a target: doubles it from 1 until a window misses, then
 * halves the interval (fio: latency_target). The depth that is found is run once more by itself. Confined to the lane's
 * thread.
 */
public final class LatencyTarget {
    /** After so many windows in a row just below a depth that missed, that one is tried again (fio). */
    private static final int STABLE_WINDOWS = 3;

    private final DepthSearch search;
    private final int maxDepth;
    private int depth = 1;
    private int low = 1;
    private int high;
    private int stable;
    private long windowStartNs;
    private long ios;
    private long slow;
    private boolean settling;
    private boolean finalWindow;
    private boolean met;

    /** A depth has missed, so the one that is looked for is below {@link #high}. */
    private boolean tooDeep;

    LatencyTarget(JobDepth rules) {
        this.search = rules.search();
        this.maxDepth = rules.iodepth();
        this.high = maxDepth;
    }

    /** The measured phase begins. */
    void begin(long nowNs) {
        if (!finalWindow) {
            depth = 1;
            low = 1;
            high = maxDepth;
            stable = 0;
            tooDeep = false;
        }
        newWindow(nowNs);
        settling = true;
    }

    /**
     * A change of depth waits until nothing is in flight, so that windows do not mix. Returns whether that is now, and the
     * depth is the one that was looked for: all that was counted before is to be forgotten.
     */
    boolean settles(int inFlight, long nowNs) {
        if (!settling || inFlight > 0) {
            return false;
        }
        settling = false;
        newWindow(nowNs);
        return finalWindow;
    }

    /** Whether no request may be made now. */
    boolean holds(int inFlight) {
        return settling || inFlight >= depth;
    }

    /** A request has completed. Returns whether the last window is over. */
    boolean completed(long latNs, long nowNs) {
        if (settling) {
            return false;
        }
        ios++;
        if (latNs > search.targetNs()) {
            slow++;
            if (search.percentile() == 100 && depth > 1) {
                missed(nowNs);
                return false;
            }
        }
        if (nowNs - windowStartNs < search.windowNs()) {
            return false;
        }
        boolean last = finalWindow;
        met = (ios - slow) * 100.0 >= ios * search.percentile();
        if (met) {
            kept(nowNs);
        } else {
            missed(nowNs);
        }
        return last && (met || depth == 1 && finalWindow);
    }

    private void kept(long nowNs) {
        low = depth;
        if (depth + 1 == high && ++stable >= STABLE_WINDOWS) {
            high++;
            stable = 0;
        }
        int next = Math.min(maxDepth, tooDeep ? (depth + high) / 2 : 2 * depth);
        if (next == depth && !search.goesOn()) {
            conclude();
        }
        depth = finalWindow ? depth : next;
        newWindow(nowNs);
    }

    private void missed(long nowNs) {
        met = false;
        if (depth > 1) {
            tooDeep = true;
            high = depth;
            low = depth == low ? low - 1 : low;
            depth = Math.max(1, (depth + low) / 2);
            stable = 0;
            finalWindow = false;
            settling = true;
        } else if (!search.goesOn()) {
            conclude(); // there is no smaller one: what it does is measured, and said to miss
        }
        newWindow(nowNs);
    }

    private void conclude() {
        settling = !finalWindow;
        finalWindow = true;
    }

    private void newWindow(long nowNs) {
        windowStartNs = nowNs;
        ios = 0;
        slow = 0;
    }

    /** The depth that was found, or tried last. */
    public int depth() {
        return depth;
    }

    /** Whether its last window kept to the target. */
    public boolean met() {
        return met;
    }
}
