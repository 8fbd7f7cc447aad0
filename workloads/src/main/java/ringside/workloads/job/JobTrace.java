package ringside.workloads.job;

/** The trace that a job replays or records. */
public record JobTrace() {
    /** fio's default: none. */
    public static final JobTrace DEFAULT = new JobTrace();
}
