package ringside.workloads.job;

/** When writes are made durable. */
final class SyncOptions extends OptionGroup {
    private int fsync;
    private int fdatasync;
    private boolean endFsync = true;

    SyncOptions() {
        option("fsync", value -> fsync = count("fsync", value));
        option("fdatasync", value -> fdatasync = count("fdatasync", value));
        flag("end_fsync", value -> endFsync = value);
    }

    private static int count(String option, String value) {
        return (int) FioUnits.integer(option, value, 0, Integer.MAX_VALUE);
    }

    JobSync sync() {
        if (fsync > 0 && fdatasync > 0) {
            throw new IllegalArgumentException("fsync and fdatasync are the same to a disk: leave one out");
        }
        return new JobSync(Math.max(fsync, fdatasync), fdatasync > 0, endFsync);
    }
}
