package ringside.reports.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import ringside.harness.results.HistogramData;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * One configuration of a suite.
 *
 * @param id stable id
 * @param axes values by axis
 * @param planned planned runs
 * @param runs finished runs in order of repetition, also those that do not count
 * @param estimates metrics over the runs that count, by name
 */
public record Cell(
        String id, Map<String, String> axes, int planned, List<RunResult> runs, Map<String, Estimate> estimates) {
    /** Metrics that a report draws. */
    public static final List<String> DRAWN = List.of(
            "iops",
            "bandwidth",
            "iops_per_cpu_second",
            "lock_wait_share",
            "lat_p50",
            "lat_p99",
            "lat_p99_9",
            "server_cpu_per_io",
            "client_cpu_per_io",
            "server_gc_count",
            "server_gc_max_pause");

    static Cell of(String id, Map<String, String> axes, int planned, List<RunResult> runs) {
        Map<String, Estimate> estimates = new LinkedHashMap<>();
        for (String metric : DRAWN) {
            List<Double> values = new ArrayList<>();
            for (RunResult run : runs) {
                Metric value = run.metrics().get(metric);
                if (run.status() == RunStatus.OK && value != null && Double.isFinite(value.value())) {
                    values.add(value.value());
                }
            }
            if (!values.isEmpty()) {
                estimates.put(metric, Estimate.of(values));
            }
        }
        return new Cell(id, axes, planned, List.copyOf(runs), estimates);
    }

    /** Of the id alone: a map of a thousand cells would go through every histogram of every run otherwise. */
    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Cell cell
                        && id.equals(cell.id)
                        && axes.equals(cell.axes)
                        && planned == cell.planned
                        && runs.equals(cell.runs);
    }

    /** A metric over the valid runs; empty where there are none. */
    public Optional<Estimate> estimate(String metric) {
        return Optional.ofNullable(estimates.get(metric));
    }

    /** Runs that count. */
    public List<RunResult> valid() {
        return runs.stream().filter(run -> run.status() == RunStatus.OK).toList();
    }

    /**
     * Time that all threads together waited for the big lock, per request of the valid runs; empty where no run counted it.
     */
    public OptionalDouble lockWaitPerRequestNs() {
        double waitNs = 0;
        double requests = 0;
        for (RunResult run : valid()) {
            HistogramData waits = run.histograms().get("lock_wait");
            Metric ios = run.metrics().get("ios");
            if (waits != null && waits.count() > 0 && ios != null) {
                waitNs += waits.mean() * waits.count();
                requests += ios.value();
            }
        }
        return requests > 0 ? OptionalDouble.of(waitNs / requests) : OptionalDouble.empty();
    }

    /** A latency distribution merged over the valid runs; empty where it was not measured or cannot be merged. */
    public Optional<Distribution> distribution(String histogram) {
        List<HistogramData> parts = valid().stream()
                .map(run -> run.histograms().get(histogram))
                .filter(data -> data != null && data.count() > 0)
                .toList();
        return Distribution.merge(parts);
    }
}
