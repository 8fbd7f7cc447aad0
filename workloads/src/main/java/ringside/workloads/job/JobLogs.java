package ringside.workloads.job;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The logs that a job writes, in fio's formats. Times count from the begin of the measured phase.
 *
 * @param prefixes how the files of each kind begin, a path
 * @param averageMs a line per so many milliseconds; 0: one per request
 * @param maximum whether such a line has the largest latency instead of the mean (fio: log_max_value)
 * @param offsets whether lines of single requests say their offset (fio: log_offset)
 * @param histogramMs a line of the histogram log per so many milliseconds
 * @param coarseness how often neighbouring buckets of a histogram are put together, 0 to 6 (fio: log_hist_coarseness)
 * @param epoch whether times count from 1970 (fio: log_unix_epoch)
 * @param perClone whether each clone has files of its own (fio: per_job_logs)
 */
public record JobLogs(
        Map<Kind, Path> prefixes,
        int averageMs,
        boolean maximum,
        boolean offsets,
        int histogramMs,
        int coarseness,
        boolean epoch,
        boolean perClone) {
    /** What is logged; files are called after it. */
    public enum Kind {
        /** Bandwidth in KiB/s. */
        BW,
        /** Requests per second; of a single one 1. */
        IOPS,
        /** Submission latency in ns. */
        SLAT,
        /** Completion latency in ns. */
        CLAT,
        /** Their sum in ns. */
        LAT,
        /** Histograms of completion latencies. */
        CLAT_HIST;

        /** As in the name of a file. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** fio's default: none. */
    public static final JobLogs DEFAULT = new JobLogs(Map.of(), 0, false, false, 0, 0, false, true);

    public JobLogs {
        Map<Kind, Path> ordered = new EnumMap<>(Kind.class);
        ordered.putAll(prefixes);
        prefixes = Collections.unmodifiableMap(ordered);
        if (prefixes.containsKey(Kind.CLAT_HIST) && histogramMs == 0) {
            throw new IllegalArgumentException(
                    "write_hist_log writes nothing without log_hist_msec: add log_hist_msec=1000");
        }
    }

    /** Whether there is any. */
    public boolean isUsed() {
        return !prefixes.isEmpty();
    }

    /** With names that are not absolute below a folder, behind the beginning of a file name. */
    public JobLogs in(Path folder, String beginning) {
        Map<Kind, Path> moved = new EnumMap<>(Kind.class);
        prefixes.forEach((kind, prefix) ->
                moved.put(kind, prefix.isAbsolute() ? prefix : folder.resolve(beginning + prefix.getFileName())));
        return new JobLogs(moved, averageMs, maximum, offsets, histogramMs, coarseness, epoch, perClone);
    }

    /**
     * The files of a clone.
     *
     * @param number 1 for the first clone of the run
     */
    public Map<Kind, Path> files(int number) {
        Map<Kind, Path> files = new EnumMap<>(Kind.class);
        prefixes.forEach((kind, prefix) -> files.put(
                kind,
                prefix.resolveSibling(
                        prefix.getFileName() + "_" + kind.label() + (perClone ? "." + number : "") + ".log")));
        return files;
    }
}
