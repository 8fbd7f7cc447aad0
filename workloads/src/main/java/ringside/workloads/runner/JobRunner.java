package ringside.workloads.runner;

import java.util.concurrent.locks.LockSupport;
import ringside.workloads.load.LoadMeter;
import ringside.workloads.target.TargetSet;

/**
 * Runs a plan once. The thread that calls {@link #run} coordinates: it opens the targets, switches the phases, calls the
 * listener and closes the targets that it opened. The target set itself stays open.
 *
 * <p>How rates are measured: the coordinator announces a phase; each load thread sees it at its next turn and opens or
 * closes the windows of its lanes at that moment, by its own clock reading. A lane counts the completions inside its own
 * window. So neither a late wake-up of the coordinator nor a load thread that was busy in the device at the change
 * distorts the rate.
 */
public final class JobRunner {
    private static final long PROGRESS_NS = 100_000_000L;

    private volatile boolean stopRequested;
    private volatile Thread coordinator;

    /** Ends the ramp or the measurement early and drains. May be called by any thread, before or during the run. */
    public void requestStop() {
        stopRequested = true;
        LockSupport.unpark(coordinator);
    }

    /**
     * Runs the plan. May be called once per runner.
     *
     * @throws JobRunException one line, when a job does not fit a disk or a queue, would write to a read-only disk, when
     *     a load thread fails, or when requests do not come back
     */
    public JobOutcome run(RunPlan plan, TargetSet targets, RunListener listener) {
        coordinator = Thread.currentThread();
        PhaseLengths lengths = PhaseLengths.of(plan.jobs());
        PhaseControl control = new PhaseControl();
        try (Load load = Load.open(plan, targets, control, lengths)) {
            return new Run(plan, lengths, control, load, listener).run();
        }
    }

    private final class Run {
        private final RunPlan plan;
        private final PhaseLengths lengths;
        private final PhaseControl control;
        private final Load load;
        private final RunListener listener;
        private final SteadyWatch steady;
        private boolean interrupted;

        Run(RunPlan plan, PhaseLengths lengths, PhaseControl control, Load load, RunListener listener) {
            this.plan = plan;
            this.lengths = lengths;
            this.control = control;
            this.load = load;
            this.listener = listener;
            this.steady = SteadyWatch.of(plan.jobs());
        }

        JobOutcome run() {
            try {
                load.threads().forEach(thread -> thread.thread().start());
                ramp();
                measure();
                drain();
            } finally {
                control.abort();
                control.releaseThreads();
                joinAll();
            }
            throwFailure();
            return new OutcomeBuilder(
                            load, control.measureStartNs(), plan.options().intervalNs())
                    .build(stopRequested, steady);
        }

        private void ramp() {
            if (lengths.rampNs() > 0) {
                listener.phaseStarted(Phase.RAMP);
                control.releaseThreads();
                await(Phase.RAMP, lengths.rampNs());
                listener.phaseEnded(Phase.RAMP);
            }
        }

        private void measure() {
            listener.phaseStarted(Phase.MEASURE);
            control.measure();
            control.releaseThreads();
            await(Phase.MEASURE, lengths.measureBounded() ? lengths.measureNs() : 0);
            listener.phaseEnded(Phase.MEASURE);
        }

        private void drain() {
            listener.phaseStarted(Phase.DRAIN);
            control.drain();
            // Reading everything back takes as long as it takes.
            boolean verifies = plan.jobs().stream()
                    .anyMatch(job -> job.verify().isUsed() && job.rw().writes());
            if (!await(Phase.DRAIN, verifies ? 0 : plan.options().drainTimeoutNs())) {
                throwFailure();
                long missing =
                        load.lanes().stream().mapToLong(lane -> lane.inFlight()).sum();
                throw new JobRunException("about " + missing + " requests did not come back within "
                        + plan.options().drainTimeoutNs() / 1_000_000 + " ms after the end of the load:"
                        + " the device lost them, or the storage hangs");
            }
            listener.phaseEnded(Phase.DRAIN);
        }

        /** Waits for the end of a phase. Returns whether all load threads have ended. */
        private boolean await(Phase phase, long plannedNs) {
            long beginNs = System.nanoTime();
            while (true) {
                if (threadsEnded()) {
                    return true;
                }
                long elapsedNs = System.nanoTime() - beginNs;
                boolean over =
                        (plannedNs > 0 && elapsedNs >= plannedNs) || (phase == Phase.MEASURE && steady(elapsedNs));
                noteInterrupt();
                boolean stop = stopRequested && phase != Phase.DRAIN;
                if (over || stop || failed()) {
                    return false;
                }
                report(phase, elapsedNs, plannedNs);
                long leftNs = plannedNs > 0 ? plannedNs - elapsedNs : PROGRESS_NS;
                LockSupport.parkNanos(this, Math.min(PROGRESS_NS, leftNs));
            }
        }

        private boolean steady(long elapsedNs) {
            long ios = 0;
            long bytes = 0;
            for (JobThread thread : load.threads()) {
                ios += thread.meter().ios();
                bytes += thread.meter().bytes();
            }
            return steady.steady(elapsedNs, ios, bytes);
        }

        /** An interrupt of the coordinator is a request to stop; the flag is raised again at the end. */
        private void noteInterrupt() {
            if (Thread.interrupted()) {
                interrupted = true;
                stopRequested = true;
            }
        }

        private void report(Phase phase, long elapsedNs, long plannedNs) {
            long ios = 0;
            long bytes = 0;
            for (JobThread thread : load.threads()) {
                LoadMeter meter = thread.meter();
                ios += meter.ios();
                bytes += meter.bytes();
            }
            listener.progress(new RunProgress(phase, elapsedNs, plannedNs, ios, bytes));
        }

        private boolean threadsEnded() {
            return load.threads().stream().allMatch(JobThread::hasEnded);
        }

        private boolean failed() {
            return load.threads().stream().anyMatch(thread -> thread.failure() != null);
        }

        private void throwFailure() {
            for (JobThread thread : load.threads()) {
                if (thread.failure() != null) {
                    throw new JobRunException(
                            "load thread " + thread.thread().getName() + " failed: " + thread.failure(),
                            thread.failure());
                }
            }
        }

        /** Targets must not be closed under a running load thread, so an interrupt is only kept for later. */
        private void joinAll() {
            for (JobThread thread : load.threads()) {
                while (thread.thread().isAlive()) {
                    try {
                        thread.thread().join();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
