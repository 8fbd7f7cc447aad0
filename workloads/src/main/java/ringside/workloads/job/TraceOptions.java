package ringside.workloads.job;

/** Which trace a job replays or records. */
final class TraceOptions extends OptionGroup {
    JobTrace trace() {
        return JobTrace.DEFAULT;
    }
}
