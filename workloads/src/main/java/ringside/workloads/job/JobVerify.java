package ringside.workloads.job;

/** How a job's writes can be checked, and whether they are. */
public record JobVerify() {
    /** fio's default: no verification. */
    public static final JobVerify DEFAULT = new JobVerify();
}
