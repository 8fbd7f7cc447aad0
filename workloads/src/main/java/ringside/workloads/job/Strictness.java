package ringside.workloads.job;

/** What happens to an option that is unknown or not implemented. */
public enum Strictness {
    /** It becomes a {@link JobWarning}. */
    LENIENT,
    /** It is refused with a {@link JobFileException}. */
    STRICT
}
