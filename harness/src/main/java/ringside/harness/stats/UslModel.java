package ringside.harness.stats;

import java.util.OptionalDouble;

/**
 * The Universal Scalability Law: X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1)). N. Gunther, "Guerrilla Capacity
 * Planning" (2007), chapter 4.
 *
 * @param gamma throughput of one: X(1), in the unit of the metric
 * @param alpha share of the work that is done one after the other (contention), at least 0; often written sigma
 * @param beta cost of keeping each pair of the N coherent, in units of the work of one, at least 0; often written kappa
 */
public record UslModel(double gamma, double alpha, double beta) {
    /** Throughput of n; n is at least 1 and need not be whole. */
    public double throughput(double n) {
        return gamma * n / slowdown(n);
    }

    /** What one of n gets less than if it were alone: 1 for perfect scaling. */
    double slowdown(double n) {
        return 1 + alpha * (n - 1) + beta * n * (n - 1);
    }

    /** N* = sqrt((1 - alpha) / beta), at least 1: more than this makes it slower. Empty where nothing does (beta is 0). */
    public OptionalDouble peak() {
        if (beta <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Math.max(1, Math.sqrt(Math.max(0, 1 - alpha) / beta)));
    }

    /**
     * Where the straight line gamma N would reach the highest throughput of the model: from about there on, more N gives
     * little. That throughput is X(N*), or gamma / alpha where there is no peak. Empty for perfect scaling.
     */
    public OptionalDouble knee() {
        OptionalDouble peak = peak();
        if (peak.isPresent()) {
            return OptionalDouble.of(throughput(peak.getAsDouble()) / gamma);
        }
        return alpha > 0 ? OptionalDouble.of(Math.max(1, 1 / alpha)) : OptionalDouble.empty();
    }
}
