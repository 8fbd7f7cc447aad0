package ringside.workloads.job;

import java.util.List;

/**
 * What a job file said.
 *
 * @param jobs at least one, in the order of the file
 * @param warnings what does not act as it would in fio, in the order of the file
 */
public record JobFileResult(List<JobSpec> jobs, List<JobWarning> warnings) {
    public JobFileResult {
        jobs = List.copyOf(jobs);
        warnings = List.copyOf(warnings);
    }
}
