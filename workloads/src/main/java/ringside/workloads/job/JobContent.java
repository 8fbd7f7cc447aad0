package ringside.workloads.job;

/** What the buffers of writes hold. */
public record JobContent() {
    /** fio's default: random data. */
    public static final JobContent DEFAULT = new JobContent();
}
