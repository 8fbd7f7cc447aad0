package ringside.workloads.job;

/** When a job makes its writes durable. */
public record JobSync() {
    /** fio's default: at its end only. */
    public static final JobSync DEFAULT = new JobSync();
}
