package ringside.harness.run;

import ringside.workloads.runner.JobOutcome;
import ringside.workloads.target.TargetSet;

/** What a load runs against. Made, asked and closed by the coordinating thread. */
interface RunTarget extends AutoCloseable {
    /** The queues to drive. */
    TargetSet targets();

    /** The measured phase begins: read counters. */
    void measureStarted();

    /** The measured phase is over: read counters again. */
    void measureEnded();

    /**
     * What the target adds to the result; called once, after the load has drained. May end the target, because some of
     * them tell the rest only then.
     */
    TargetFacts finish(JobOutcome outcome, CpuMeter cpu);

    @Override
    void close();
}
