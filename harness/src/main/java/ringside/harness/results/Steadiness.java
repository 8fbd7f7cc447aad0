package ringside.harness.results;

/**
 * How a run's rate went over its measured phase.
 *
 * @param shape what the series of its rate looks like
 * @param range largest minus smallest of five equal rounds of the measured phase, as a share of their mean; 0 where it is
 *     not known
 * @param drift rise or fall of the least-squares line through the rounds, from the first to the last, as a share of their
 *     mean, without sign; 0 where it is not known
 * @param settledNs begin of the last level, from the begin of the measured phase
 * @param detail one sentence with the numbers, empty where it is not known
 */
public record Steadiness(Shape shape, double range, double drift, long settledNs, String detail) {
    /** SNIA Solid State Storage Performance Test Specification 2.0.2, 2.1.24: largest {@link #range} of a steady state. */
    public static final double SNIA_RANGE = 0.2;

    /** The same clause: largest {@link #drift}. */
    public static final double SNIA_DRIFT = 0.1;

    /** Of a run that was not judged: it did not complete, or is older than the judgement. */
    public static final Steadiness UNKNOWN = new Steadiness(Shape.UNKNOWN, 0, 0, 0, "");

    /** Whether it was judged and one level did not last over the whole measured phase: its mean is of several. */
    public boolean mixesLevels() {
        return shape != Shape.FLAT && shape != Shape.UNKNOWN;
    }

    /** Whether it was judged and keeps SNIA's two limits over the measured phase. */
    public boolean meetsSnia() {
        return shape != Shape.UNKNOWN && range <= SNIA_RANGE && drift <= SNIA_DRIFT;
    }

    /** The classes of Barrett et al., "Virtual Machine Warmup Blows Hot and Cold" (2017), and one for the rest. */
    public enum Shape {
        /** One level from the beginning to the end. */
        FLAT("flat"),
        /** The last level is the fastest. */
        WARM_UP("warm-up"),
        /** The last level is slower than an earlier one. */
        SLOW_DOWN("slow-down"),
        /** No level lasts to the end. */
        NO_STEADY_STATE("no steady state"),
        /** Not judged. */
        UNKNOWN("not judged");

        private final String label;

        Shape(String label) {
            this.label = label;
        }

        /** The words used in reports. */
        public String label() {
            return label;
        }
    }
}
