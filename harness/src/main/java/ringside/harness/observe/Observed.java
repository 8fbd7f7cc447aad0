package ringside.harness.observe;

import java.util.List;
import java.util.Map;
import ringside.harness.results.Metric;
import ringside.harness.results.RunEvent;
import ringside.harness.results.Series;

/**
 * What was seen while a run was measured.
 *
 * @param windowNs length of the observed phase
 * @param metrics numbers by name
 * @param series values over the measured phase
 * @param events what happened in it, in order
 */
public record Observed(long windowNs, Map<String, Metric> metrics, List<Series> series, List<RunEvent> events) {
    static final Observed NOTHING = new Observed(0, Map.of(), List.of(), List.of());
}
