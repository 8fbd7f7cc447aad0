package ringside.harness.results;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one job did in the measured phase, summed over its clones.
 *
 * @param name of the job
 * @param options its options as they took effect, in fio's words
 * @param clones clones of the job that ran
 * @param elapsedNs length of the job's window
 * @param directions by {@code read}, {@code write}, {@code trim}; those that the job used, and {@link #SYNC} with {@code lat}
 *     alone where it flushed among its writes
 * @param otherErrors errors outside the directions: flushes, and blocks that the final verification found wrong
 * @param errno of its first error (84, EILSEQ: a block that is wrong), 0 when it had none
 * @param logs fio's logs that it wrote: files in {@code logs} of the results folder, with the name of the run and a hyphen
 *     before these names. Jobs with the same prefix name each other's
 */
public record JobResult(
        String name,
        Map<String, String> options,
        int clones,
        long elapsedNs,
        Map<String, DirectionResult> directions,
        long otherErrors,
        int errno,
        List<String> logs) {
    public JobResult {
        logs = logs == null ? List.of() : List.copyOf(logs);
    }

    /** Of a job without errors and logs. */
    public JobResult(
            String name,
            Map<String, String> options,
            int clones,
            long elapsedNs,
            Map<String, DirectionResult> directions) {
        this(name, options, clones, elapsedNs, directions, 0, 0, List.of());
    }

    /** This result with the logs that it wrote. */
    public JobResult withLogs(List<String> files) {
        return new JobResult(name, options, clones, elapsedNs, directions, otherErrors, errno, files);
    }

    /** Failed requests of all kinds. */
    public long errors() {
        return otherErrors
                + data().values().stream().mapToLong(DirectionResult::errors).sum();
    }

    /** Name of the flushes among the directions (fio: sync). */
    public static final String SYNC = "sync";

    /** Among the options, the depth that a search for a latency has found. */
    public static final String LATENCY_DEPTH = "latency_depth";

    /** The directions that move or discard data, without flushes. */
    public Map<String, DirectionResult> data() {
        Map<String, DirectionResult> data = new LinkedHashMap<>(directions);
        data.remove(SYNC);
        return data;
    }

    /**
     * One direction of a job.
     *
     * @param ios requests that ended well
     * @param bytes bytes that they moved
     * @param errors requests that failed
     * @param slat time until the request was visible to the device
     * @param clat time from there to its completion
     * @param lat both together
     */
    public record DirectionResult(
            long ios, long bytes, long errors, HistogramData slat, HistogramData clat, HistogramData lat) {}
}
