package ringside.harness.results;

/**
 * The two values of one axis that a suite's verdict compares.
 *
 * @param axis name of the axis, for example {@code threading}
 * @param baseline value that the ratio divides by
 * @param contender value whose ratio to the baseline is reported
 */
public record Compared(String axis, String baseline, String contender) {}
