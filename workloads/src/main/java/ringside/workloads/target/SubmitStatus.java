package ringside.workloads.target;

/** Outcome of submitting a unit (fio's three queueing states). */
public enum SubmitStatus {
    /** Done already; the unit can be reused. */
    COMPLETED,
    /** Accepted; a later poll gives it back. */
    QUEUED,
    /** No room now: commit, poll, try again. */
    BUSY
}
