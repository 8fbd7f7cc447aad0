package ringside.harness.trend;

import java.util.Map;
import ringside.harness.stats.Interval;

/**
 * A change of a cell's level.
 *
 * @param cell id of the cell
 * @param kind what it means
 * @param confirmed whether it is as sure as one who looks after every commit has to ask for; else it is suspected
 * @param ratio new level / old level
 * @param interval 95 % interval of the ratio, given the place
 * @param lastBefore revision and folder of the last point of the old level
 * @param firstAfter revision and folder of the first point of the new level
 * @param pointsAfter points of the history from the change on
 * @param z how sure, as a normal deviate
 * @param memory autocorrelation at lag 1 of the noise around it
 * @param differences what else changed between the two points: host, JVM, options
 */
public record TrendChange(
        String cell,
        Kind kind,
        boolean confirmed,
        double ratio,
        Interval interval,
        String lastBefore,
        String firstAfter,
        int pointsAfter,
        double z,
        double memory,
        Map<String, String> differences) {
    /** What a change means. */
    public enum Kind {
        /** Better. */
        IMPROVED("improved"),
        /** Worse. */
        REGRESSED("regressed"),
        /** The metric has no better direction. */
        CHANGED("changed");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The words used in reports. */
        public String label() {
            return label;
        }
    }
}
