package ringside.workloads.job;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import ringside.workloads.job.JobLogs.Kind;

/** Which logs a job writes. */
final class LogOptions extends OptionGroup {
    private static final int DAY_MS = 86_400_000;
    private static final int MAX_COARSENESS = 6;

    private final Map<Kind, String> prefixes = new EnumMap<>(Kind.class);
    private int averageMs;
    private boolean maximum;
    private boolean offsets;
    private int histogramMs;
    private int coarseness;
    private boolean epoch;
    private boolean perClone = true;

    LogOptions() {
        word("write_bw_log", value -> set(Kind.BW, value));
        word("write_iops_log", value -> set(Kind.IOPS, value));
        word("write_lat_log", value -> {
            set(Kind.SLAT, value);
            set(Kind.CLAT, value);
            set(Kind.LAT, value);
        });
        word("write_hist_log", value -> set(Kind.CLAT_HIST, value));
        option("log_avg_msec", value -> averageMs = milliseconds("log_avg_msec", value));
        flag("log_max_value", value -> maximum = value);
        flag("log_offset", value -> offsets = value);
        option("log_hist_msec", value -> histogramMs = milliseconds("log_hist_msec", value));
        option(
                "log_hist_coarseness",
                value -> coarseness = (int) FioUnits.integer("log_hist_coarseness", value, 0, MAX_COARSENESS));
        flag("log_unix_epoch", value -> epoch = value);
        flag("per_job_logs", value -> perClone = value);
        refused("log_prio", "requests of a virtual disk have no priority");
        refused("log_store_compressed", "compress the logs after the run");
        option("log_compression", LogOptions::compression);
    }

    private void refused(String name, String reason) {
        flag(name, value -> {
            if (value) {
                throw new IllegalArgumentException(name + "=1 is not supported: " + reason);
            }
        });
    }

    private static void compression(String value) {
        if (FioUnits.bytes("log_compression", value) != 0) {
            throw new IllegalArgumentException("log_compression=" + value
                    + " is not supported: lines do not pile up in memory, compress the logs after the run");
        }
    }

    /** Without a value a prefix that was given before stays, as in fio. */
    private void set(Kind kind, String prefix) {
        if (prefix.isEmpty()) {
            prefixes.putIfAbsent(kind, prefix);
        } else {
            prefixes.put(kind, prefix);
        }
    }

    private static int milliseconds(String option, String value) {
        return (int) FioUnits.integer(option, value, 0, DAY_MS);
    }

    /** @param job name of the job, after which files are called when no other name is given */
    JobLogs logs(String job) {
        Map<Kind, Path> paths = new EnumMap<>(Kind.class);
        prefixes.forEach((kind, prefix) ->
                paths.put(kind, Path.of(prefix.isEmpty() ? job.replaceAll("[^A-Za-z0-9._-]", "_") : prefix)));
        return new JobLogs(paths, averageMs, maximum, offsets, histogramMs, coarseness, epoch, perClone);
    }
}
