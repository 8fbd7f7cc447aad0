package ringside.harness.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import ringside.harness.observe.Disturbance;
import ringside.harness.observe.HostFacts;
import ringside.harness.observe.Observed;
import ringside.harness.results.JobResult;
import ringside.harness.results.Metric;
import ringside.harness.results.RunEvent;
import ringside.harness.results.SanityCheck;
import ringside.harness.results.Series;

/**
 * What one run measured, whatever it ran against.
 *
 * @param options effective options
 * @param metrics numbers by name
 * @param histograms distributions by name
 * @param series time series
 * @param threadCpuNs CPU time in the measured phase by thread name
 * @param checks sanity checks
 * @param missed how an open loop fell short of its rate; empty when it did not
 * @param jobs what each job did
 * @param events what happened meanwhile, in order
 */
record Measured(
        Map<String, String> options,
        Map<String, Metric> metrics,
        Map<String, Histogram> histograms,
        List<Series> series,
        Map<String, Long> threadCpuNs,
        List<SanityCheck> checks,
        String missed,
        List<JobResult> jobs,
        List<RunEvent> events) {
    /** With what was observed; where both know a number, that of the run is exact. */
    Measured with(Observed observed) {
        Map<String, Metric> allMetrics = new LinkedHashMap<>(metrics);
        observed.metrics().forEach(allMetrics::putIfAbsent);
        List<Series> allSeries = new ArrayList<>(series);
        allSeries.addAll(observed.series());
        List<RunEvent> allEvents = new ArrayList<>(events);
        Disturbance.of(allMetrics, HostFacts.cpus())
                .ifPresent(reason -> allEvents.add(new RunEvent(RunEvent.DISTURBED, 0, observed.windowNs(), reason)));
        allEvents.addAll(observed.events());
        return new Measured(options, allMetrics, histograms, allSeries, threadCpuNs, checks, missed, jobs, allEvents);
    }

    /** With other results of the jobs. */
    Measured withJobs(List<JobResult> results) {
        return new Measured(options, metrics, histograms, series, threadCpuNs, checks, missed, results, events);
    }
}
