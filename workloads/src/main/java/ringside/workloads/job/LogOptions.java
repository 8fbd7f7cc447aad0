package ringside.workloads.job;

/** Which logs a job writes. */
final class LogOptions extends OptionGroup {
    JobLogs logs() {
        return JobLogs.DEFAULT;
    }
}
