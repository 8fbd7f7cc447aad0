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
public record PhaseLengths(long rampNs, boolean measureBounded, long measureNs) {
    /** Of jobs that run together. */
    public static PhaseLengths of(List<JobSpec> jobs) {
        long rampNs =
                jobs.stream().mapToLong(job -> job.timing().rampTimeNs()).max().orElse(0);
        boolean bounded = jobs.stream().allMatch(job -> job.timing().runtimeNs() > 0);
        return new PhaseLengths(rampNs, bounded, bounded ? stagesNs(jobs) : 0);
    }

    /** Ramp and measurement together; 0 when a job's size decides. */
    public long plannedNs() {
        return measureBounded ? rampNs + measureNs : 0;
    }

    /** Jobs run side by side within a stage, stages one after the other. */
    private static long stagesNs(List<JobSpec> jobs) {
        long sumNs = 0;
        long stageNs = 0;
        for (int i = 0; i < jobs.size(); i++) {
            if (i > 0 && jobs.get(i).timing().start().stonewall()) {
                sumNs += stageNs;
                stageNs = 0;
            }
            stageNs = Math.max(stageNs, jobs.get(i).timing().longestNs());
        }
        return sumNs + stageNs;
    }
}
