package ringside.harness.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Reads host and process at intervals, on a thread of its own named {@value #THREAD}, whose CPU time is therefore
 * visible in every result. Long runs are kept in at most {@value #MOST} samples: every second one is dropped and the
 * interval doubled.
 */
final class HostSampler implements AutoCloseable {
    /** Name of the thread. */
    static final String THREAD = "observer";

    private static final long INTERVAL_NS = 200_000_000;
    private static final int MOST = 2000;

    private final boolean children;
    private OwnCpu own;
    private final List<HostSample> samples = new ArrayList<>();
    private final BiConsumer<HostSample, HostSample> live;
    private final Thread thread;
    private long intervalNs = INTERVAL_NS;
    private volatile boolean ended;

    /**
     * @param children whether child processes come and go in the measured phase
     * @param live told of each two neighbouring samples on the sampler's thread
     */
    HostSampler(boolean children, BiConsumer<HostSample, HostSample> live) {
        this.children = children;
        this.own = new OwnCpu(children);
        this.live = live;
        this.thread = Thread.ofPlatform().daemon().name(THREAD).start(this::run);
    }

    /** Forgets what was read and reads now: the measured phase begins. */
    synchronized void begin() {
        samples.clear();
        intervalNs = INTERVAL_NS;
        own = new OwnCpu(children); // what ended before is no part of the phase
        samples.add(HostSample.now(own));
    }

    /** Reads for the last time and returns all readings since the begin. */
    List<HostSample> end() {
        close();
        synchronized (this) {
            samples.add(HostSample.now(own));
            return List.copyOf(samples);
        }
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!ended) {
            LockSupport.parkNanos(this, intervalNs);
            if (!ended) {
                sample();
            }
        }
    }

    private synchronized void sample() {
        HostSample now = HostSample.now(own);
        if (!samples.isEmpty()) {
            live.accept(samples.getLast(), now);
        }
        samples.add(now);
        if (samples.size() > MOST) {
            thin();
        }
    }

    private void thin() {
        List<HostSample> kept = new ArrayList<>();
        for (int i = 0; i < samples.size(); i += 2) {
            kept.add(samples.get(i));
        }
        samples.clear();
        samples.addAll(kept);
        intervalNs *= 2;
    }
}
