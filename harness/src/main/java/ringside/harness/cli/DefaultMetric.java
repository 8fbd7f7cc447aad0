package ringside.harness.cli;

import java.util.List;
import java.util.Set;
import ringside.harness.results.RunFolder;

/** What is compared when nobody says: the rate of a disk, of JMH's benchmarks their score. */
final class DefaultMetric {
    private static final String RATE = "iops";
    private static final String SCORE = "score";

    private DefaultMetric() {}

    static String of(Set<String> metrics) {
        return metrics.contains(SCORE) && !metrics.contains(RATE) ? SCORE : RATE;
    }

    static String of(List<RunFolder> folders) {
        return folders.stream()
                .flatMap(folder -> folder.results().stream())
                .findFirst()
                .map(run -> of(run.metrics().keySet()))
                .orElse(RATE);
    }
}
