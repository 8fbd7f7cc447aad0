package ringside.harness.run;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import ringside.harness.results.Metric;
import ringside.harness.results.SanityCheck;

/**
 * What a target adds to a run's result.
 *
 * @param options effective options that the target decided, by name
 * @param absent options that have no meaning for this target
 * @param metrics numbers by name
 * @param histograms distributions by name
 * @param checks sanity checks
 * @param cpuNs CPU time in the measured phase outside of the worker's process
 * @param threadNs the same by thread name
 */
record TargetFacts(
        Map<String, String> options,
        Set<String> absent,
        Map<String, Metric> metrics,
        Map<String, Histogram> histograms,
        List<SanityCheck> checks,
        long cpuNs,
        Map<String, Long> threadNs) {}
