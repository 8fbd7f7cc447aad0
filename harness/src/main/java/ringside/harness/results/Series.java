package ringside.harness.results;

import java.util.List;

/**
 * Equidistant values over the measured phase.
 *
 * @param name for example {@code iops}
 * @param unit for example {@code 1/s}
 * @param intervalNs distance of the values
 * @param values one per interval
 */
public record Series(String name, String unit, long intervalNs, List<Double> values) {}
