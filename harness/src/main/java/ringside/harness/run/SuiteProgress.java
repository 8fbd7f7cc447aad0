package ringside.harness.run;

import ringside.harness.results.PlannedRun;
import ringside.harness.results.RunResult;

/** Hears how a suite goes on. Called by one thread. */
public interface SuiteProgress {
    /** Something the user should know, once. */
    void note(String text);

    /**
     * A run begins.
     *
     * @param number 1-based number among all runs of the plan
     */
    void started(PlannedRun run, String label, int number, int planned);

    /**
     * A run goes on.
     *
     * @param phase RAMP, MEASURE or DRAIN
     * @param iops mean rate of this phase so far
     * @param leftNs estimated time until the end of the suite
     */
    void progress(String phase, double iops, long leftNs);

    /**
     * What goes on beside the load of the current run.
     *
     * @param text a few words: CPUs of others, collections, pauses
     */
    default void observed(String text) {}

    /**
     * A run goes on in a program that tells nothing of it; about once a second.
     *
     * @param leftNs estimated time until the end of all runs
     */
    default void waiting(long leftNs) {}

    /** A run has a result. */
    void finished(PlannedRun run, String label, RunResult result, int number, int planned);
}
