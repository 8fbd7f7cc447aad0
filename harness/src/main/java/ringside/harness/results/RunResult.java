package ringside.harness.results;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one run of one cell: one JSON file.
 *
 * <p>Metrics that every run has: {@code iops} (1/s), {@code bandwidth} (bytes/s), {@code ios} (1), {@code errors} (1),
 * {@code runtime} (ns), {@code cpu_seconds} (s), {@code iops_per_cpu_second} (1/s), {@code lat_p50}, {@code lat_p99} and
 * {@code lat_p99_9} (ns). Of our own load: {@code gc_count} (1), {@code gc_time} (ns) and {@code jit_time}
 * (ns: compilation) of its JVM, and what was observed (docs/how-we-measure.md). Of a machine:
 * {@code lock_wait_share} (ratio of
 * the big lock's total wait to thread time of the vCPUs and the main loop in the measured phase),
 * {@code lock_acquisitions} (1); and one {@code counter.NAME} per counter of the emulator, summed over owners. The lock's
 * metrics and the counters are missing with {@code trace=off}. Histograms: {@code slat},
 * {@code clat}, {@code lat} (all directions merged), per direction {@code lat.read}, {@code lat.write},
 * {@code lock_wait}, {@code lock_hold}, and {@code stage.NAME} when timelines were sampled. What runs against other targets
 * than the machine add is listed in docs/suites.md.
 *
 * <p>A job with {@code fsync} or {@code fdatasync} adds {@code sync_ios} (1), {@code sync_lat_p50}, {@code _p99} and
 * {@code _p99_9} (ns) and the histogram {@code sync_lat}.
 *
 * <p>A job with {@code latency_target} adds {@code latency_depth} (1), the largest depth that its clones found, and has no
 * {@code iops_per_cpu_second}.
 *
 * <p>A job with {@code steadystate} adds {@code steadystate_attained} (1) and {@code steadystate_time} (ns).
 *
 * <p>An open loop adds {@code due_ios}, {@code late_ios}, {@code skipped_ios} (1), {@code lat_intended_p50}, {@code _p99} and
 * {@code _p99_9} (ns) and the histogram {@code lat_intended}: docs/fio-options.md.
 *
 * @param schemaVersion see {@link #SCHEMA_VERSION}
 * @param suite name of the suite
 * @param cell stable id of the cell: its axis values joined, safe as a file name
 * @param repetition 0-based
 * @param order position in the seeded random order of the whole plan
 * @param seed seed of the load
 * @param status whether it counts
 * @param reason why not, empty when OK
 * @param axes what varies in the suite, by axis name
 * @param options all effective options including defaults, by name
 * @param metrics numbers by name
 * @param histograms distributions by name
 * @param series time series
 * @param threadCpuNs CPU time in the measured phase by thread name
 * @param checks sanity checks
 * @param jobs what each job did, empty in schema 1
 * @param steadiness how the rate went over the measured phase, unknown in schema 1
 * @param events what happened meanwhile, in order, empty in schema 1
 * @param command the command that repeats this point
 * @param provenance where and how
 */
public record RunResult(
        int schemaVersion,
        String suite,
        String cell,
        int repetition,
        int order,
        long seed,
        RunStatus status,
        String reason,
        Map<String, String> axes,
        Map<String, String> options,
        Map<String, Metric> metrics,
        Map<String, HistogramData> histograms,
        List<Series> series,
        Map<String, Long> threadCpuNs,
        List<SanityCheck> checks,
        List<JobResult> jobs,
        Steadiness steadiness,
        List<RunEvent> events,
        String command,
        Provenance provenance) {
    /** Version of the JSON form written now; readers accept this and older ones. */
    public static final int SCHEMA_VERSION = 2;

    /** Why the host disturbed this run, by the stated rule; empty when it did not. */
    public Optional<String> disturbance() {
        return events.stream()
                .filter(event -> event.kind().equals(RunEvent.DISTURBED))
                .map(RunEvent::detail)
                .findFirst();
    }

    /** The same result as that of another plan's run, for example where each run of a plan was a suite of its own. */
    public RunResult as(PlannedRun run, String otherSuite) {
        return new RunResult(
                schemaVersion,
                otherSuite,
                run.cell(),
                run.repetition(),
                run.order(),
                seed,
                status,
                reason,
                run.axes(),
                options,
                metrics,
                histograms,
                series,
                threadCpuNs,
                checks,
                jobs,
                steadiness,
                events,
                command,
                provenance);
    }
}
