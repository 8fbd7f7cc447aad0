package ringside.harness.run;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import ringside.harness.results.Metric;
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
 */
record Measured(
        Map<String, String> options,
        Map<String, Metric> metrics,
        Map<String, Histogram> histograms,
        List<Series> series,
        Map<String, Long> threadCpuNs,
        List<SanityCheck> checks,
        String missed) {}
