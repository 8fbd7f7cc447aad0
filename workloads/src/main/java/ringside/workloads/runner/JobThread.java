package ringside.workloads.runner;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import ringside.workloads.load.LoadMeter;
import ringside.workloads.load.QueueDriver;
import ringside.workloads.target.HaltPolicy;

/**
 * One load thread, the stand-in for a vCPU: turns through its queues until all lanes are done. Its results may be read
 * after it has ended.
 */
final class JobThread implements Runnable {
    /** Bound of one halt, so that a change of phase is seen even when no completion arrives. */
    private static final long MAX_HALT_NS = 10_000_000L;

    /** A sleeper wakes so much too late that it spins the rest of the way to the moment at which a request is due. */
    private static final long SPIN_NS = 100_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final QueueDriver[] queues;
    private final PhaseControl control;
    private final HaltPolicy halt;
    private final boolean polling;
    private final LoadMeter meter;
    private final Thread coordinator;
    private final Thread thread;
    private Phase seen = Phase.RAMP;
    private long startCpuNs;
    private long startAllocatedBytes;
    private long cpuNs;
    private long allocatedBytes;
    private long startNs;
    private long measuredNs;
    private volatile Throwable failure;
    private volatile boolean ended;

    JobThread(
            int index, QueueDriver[] queues, PhaseControl control, HaltPolicy halt, boolean polling, LoadMeter meter) {
        this.queues = queues;
        this.control = control;
        this.halt = halt;
        this.polling = polling;
        this.meter = meter;
        this.coordinator = Thread.currentThread();
        this.thread = Thread.ofPlatform().name("vcpu" + index).daemon().unstarted(this);
    }

    @Override
    public void run() {
        try {
            control.awaitRelease();
            loop();
            leaveMeasure();
        } catch (Throwable t) {
            failure = t;
        } finally {
            ended = true;
            LockSupport.unpark(coordinator);
        }
    }

    Thread thread() {
        return thread;
    }

    LoadMeter meter() {
        return meter;
    }

    /** Whether the load of this thread is over; the Java thread itself ends a moment later. */
    boolean hasEnded() {
        return ended;
    }

    /** What ended the thread early; null when nothing did. */
    Throwable failure() {
        return failure;
    }

    ThreadOutcome outcome() {
        return new ThreadOutcome(thread.getName(), thread.threadId(), measuredNs, cpuNs, allocatedBytes);
    }

    private void loop() {
        while (!control.aborted()) {
            Phase phase = control.phase();
            if (phase != seen) {
                enter(phase);
            }
            int work = 0;
            for (QueueDriver queue : queues) {
                work += queue.step();
            }
            if (work == 0 && !rest()) {
                return;
            }
        }
    }

    /** Waits for a completion. Returns false when all lanes are done; not in the ramp, so that windows are well-formed. */
    private boolean rest() {
        if (seen != Phase.RAMP && allDone()) {
            return false;
        }
        if (polling) {
            Thread.onSpinWait();
            return true;
        }
        for (QueueDriver queue : queues) {
            if (queue.prepareToHalt()) {
                return true;
            }
        }
        long haltNs = untilDueNs();
        if (haltNs > 0) {
            halt.halt(haltNs);
        }
        return true;
    }

    /** How long this thread may halt before a request is due. */
    private long untilDueNs() {
        long nextNs = Long.MAX_VALUE;
        for (QueueDriver queue : queues) {
            nextNs = Math.min(nextNs, queue.nextDueNs());
        }
        return nextNs == Long.MAX_VALUE ? MAX_HALT_NS : Math.min(MAX_HALT_NS, nextNs - SPIN_NS - System.nanoTime());
    }

    private boolean allDone() {
        for (QueueDriver queue : queues) {
            if (!queue.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** Phases may be skipped when this thread slept through one. */
    private void enter(Phase phase) {
        if (seen == Phase.RAMP) {
            enterMeasure();
        }
        seen = phase;
        if (phase == Phase.DRAIN) {
            leaveMeasure();
            long nowNs = System.nanoTime();
            for (QueueDriver queue : queues) {
                queue.endMeasure(nowNs);
            }
        }
    }

    private void enterMeasure() {
        meter.beginSeries(control.measureStartNs());
        startCpuNs = THREADS.getCurrentThreadCpuTime();
        startNs = System.nanoTime();
        for (QueueDriver queue : queues) {
            queue.beginMeasure(startNs);
        }
        seen = Phase.MEASURE;
        startAllocatedBytes = THREADS.getCurrentThreadAllocatedBytes();
    }

    private void leaveMeasure() {
        if (seen == Phase.RAMP || measuredNs > 0) {
            return;
        }
        allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - startAllocatedBytes;
        measuredNs = System.nanoTime() - startNs;
        cpuNs = THREADS.getCurrentThreadCpuTime() - startCpuNs;
    }
}
