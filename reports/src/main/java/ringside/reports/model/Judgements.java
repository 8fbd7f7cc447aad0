package ringside.reports.model;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import ringside.harness.results.Compared;
import ringside.harness.stats.SuiteComparison;

/**
 * What the harness has said about the runs of a report, asked once: a comparison draws ten thousand resamples for every cell, and
 * several sections state the same one. Any thread.
 */
final class Judgements {
    private final Map<Compared, SuiteComparison> comparisons = new ConcurrentHashMap<>();

    /** The comparison of all runs for this pair. */
    SuiteComparison of(Compared pair, Supplier<SuiteComparison> ask) {
        return comparisons.computeIfAbsent(pair, _ -> ask.get());
    }
}
