package ringside.harness.results;

/**
 * How a run's rate went over its measured phase.
 *
 * @param shape what the series of its rate looks like
 * @param detail one sentence with the numbers, empty where it is not known
 */
public record Steadiness(Shape shape, String detail) {
    /** Of a run that was not judged: it did not complete, or is older than the judgement. */
    public static final Steadiness UNKNOWN = new Steadiness(Shape.UNKNOWN, "");

    /** The classes of Barrett et al., "Virtual Machine Warmup Blows Hot and Cold" (2017), and one for the rest. */
    public enum Shape {
        /** One level from the beginning to the end. */
        FLAT,
        /** The last level is the fastest. */
        WARM_UP,
        /** The last level is slower than an earlier one. */
        SLOW_DOWN,
        /** No level lasts to the end. */
        NO_STEADY_STATE,
        /** Not judged. */
        UNKNOWN
    }
}
