package ringside.workloads.job;

/** The logs that a job writes. */
public record JobLogs() {
    /** fio's default: none. */
    public static final JobLogs DEFAULT = new JobLogs();
}
