package ringside.workloads.job;

/** When writes are made durable. */
final class SyncOptions extends OptionGroup {
    JobSync sync() {
        return JobSync.DEFAULT;
    }
}
