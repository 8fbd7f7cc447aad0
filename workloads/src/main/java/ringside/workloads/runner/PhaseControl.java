package ringside.workloads.runner;

import java.util.concurrent.CountDownLatch;

/** What the coordinator tells the load threads. Written by the coordinator only. */
final class PhaseControl {
    private final CountDownLatch start = new CountDownLatch(1);
    private volatile Phase phase = Phase.RAMP;
    private volatile boolean aborted;
    private long measureStartNs;

    /** The phase to be in; the load threads look once per turn. */
    Phase phase() {
        return phase;
    }

    /** When MEASURE was announced; valid once {@link #phase} is MEASURE or later, ordered by that volatile read. */
    long measureStartNs() {
        return measureStartNs;
    }

    void measure() {
        measureStartNs = System.nanoTime();
        phase = Phase.MEASURE;
    }

    void drain() {
        phase = Phase.DRAIN;
    }

    /** Leave at once, whatever is in flight. */
    void abort() {
        aborted = true;
    }

    boolean aborted() {
        return aborted;
    }

    void releaseThreads() {
        start.countDown();
    }

    void awaitRelease() throws InterruptedException {
        start.await();
    }
}
