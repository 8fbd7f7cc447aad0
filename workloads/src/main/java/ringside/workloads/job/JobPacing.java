package ringside.workloads.job;

/** The pace of a job: when its next request is due. */
public record JobPacing() {
    /** fio's default: as fast as they complete. */
    public static final JobPacing DEFAULT = new JobPacing();
}
