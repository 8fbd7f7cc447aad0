package ringside.harness.stats;

/**
 * When a cell counts as changed.
 *
 * @param minEffect relative effect that is to be found, for example 0.03: a cell in which it would not have been found with
 *     80 % is underpowered
 * @param tolerance relative effect that is not worth a word, however sure it is: smaller ones are the same; at most
 *     {@code minEffect}. With a tolerance equal to the effect, an effect of just that size is found half of the time
 * @param alpha chance of any false alarm over all cells
 */
public record Criteria(double minEffect, double tolerance, double alpha) {
    public Criteria {
        if (!(minEffect > 0 && tolerance >= 0 && tolerance <= minEffect && alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException(
                    "effect " + minEffect + ", tolerance " + tolerance + ", alpha " + alpha + " make no criteria");
        }
    }

    double logEffect() {
        return Math.log1p(minEffect);
    }

    double logTolerance() {
        return Math.log1p(tolerance);
    }
}
