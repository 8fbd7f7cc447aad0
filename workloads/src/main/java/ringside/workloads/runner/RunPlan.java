package ringside.workloads.runner;

import java.util.List;
import ringside.workloads.job.JobSpec;

/**
 * What to run. Every job runs on every disk, with numjobs clones per disk, all at the same time.
 *
 * @param jobs at least one
 * @param loadThreads number of load threads (vCPUs); 0: one per queue in use
 * @param completion how they wait
 * @param seed mixed into every job's randseed; equal plans repeat the same requests
 * @param options the rest
 */
public record RunPlan(List<JobSpec> jobs, int loadThreads, CompletionMode completion, long seed, RunOptions options) {
    public RunPlan {
        jobs = List.copyOf(jobs);
        if (jobs.isEmpty()) {
            throw new IllegalArgumentException("a run needs at least one job");
        }
        if (loadThreads < 0) {
            throw new IllegalArgumentException("number of load threads must be 1 or more, or 0 for one per queue");
        }
    }

    /** One load thread per queue, interrupts, default options. */
    public static RunPlan of(List<JobSpec> jobs) {
        return new RunPlan(jobs, 0, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT);
    }
}
