package ringside.workloads.runner;

import java.util.List;
import ringside.workloads.job.JobSpec;

/**
 * How long the phases are.
 *
 * @param rampNs the longest ramp_time of all jobs
 * @param measureBounded whether every job has a runtime; else the jobs' sizes end the phase
 * @param measureNs the longest runtime; 0 when not bounded
 */
record PhaseLengths(long rampNs, boolean measureBounded, long measureNs) {
    static PhaseLengths of(List<JobSpec> jobs) {
        long rampNs =
                jobs.stream().mapToLong(job -> job.timing().rampTimeNs()).max().orElse(0);
        boolean bounded = jobs.stream().allMatch(job -> job.timing().runtimeNs() > 0);
        long runtimeNs =
                jobs.stream().mapToLong(job -> job.timing().runtimeNs()).max().orElse(0);
        return new PhaseLengths(rampNs, bounded, bounded ? runtimeNs : 0);
    }
}
