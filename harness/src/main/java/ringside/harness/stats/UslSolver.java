package ringside.harness.stats;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DiagonalMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.Pair;

/**
 * Least squares of the logarithms of throughput, by Levenberg-Marquardt, with alpha and beta at least 0. Logarithms
 * weigh a relative error the same at every level, and scatter of throughput is about proportional to it. The bounds are
 * kept by an active set: a coefficient that would go below 0 is fixed there and the others are fitted again.
 */
final class UslSolver {
    private static final int MOST_STEPS = 200;
    private static final double TOLERANCE = 1e-10;

    /** Below this a model's denominator is no throughput any more. */
    private static final double SMALLEST_SLOWDOWN = 1e-6;

    private final double[] n;
    private final double[] weights;

    /** @param n levels; weights number of values that stand behind each */
    UslSolver(double[] n, double[] weights) {
        this.n = n;
        this.weights = weights;
    }

    /** The best model. @param logs mean logarithm of throughput of each level */
    UslModel fit(double[] logs) {
        Optional<Fit> free = solve(logs, true, true);
        if (free.isPresent() && free.get().allowed()) {
            return free.get().model();
        }
        Fit best = solve(logs, false, false).orElseThrow();
        for (boolean alpha : new boolean[] {true, false}) {
            Optional<Fit> other = solve(logs, alpha, !alpha);
            if (other.isPresent() && other.get().allowed() && other.get().cost() < best.cost()) {
                best = other.get();
            }
        }
        return best.model();
    }

    private record Fit(UslModel model, double cost) {
        boolean allowed() {
            return model.alpha() >= 0 && model.beta() >= 0;
        }
    }

    /** Fits gamma and those of the two that are free; empty where the optimiser finds no minimum. */
    private Optional<Fit> solve(double[] logs, boolean freeAlpha, boolean freeBeta) {
        int unknown = 1 + (freeAlpha ? 1 : 0) + (freeBeta ? 1 : 0);
        double[] start = new double[unknown];
        start[0] = logs[0] - Math.log(n[0]);
        Arrays.fill(start, 1, unknown, 1e-3);
        Curve curve = new Curve(freeAlpha, freeBeta);
        try {
            Optimum optimum = new LevenbergMarquardtOptimizer()
                    .optimize(new LeastSquaresBuilder()
                            .model(curve)
                            .target(logs)
                            .weight(new DiagonalMatrix(weights))
                            .start(start)
                            .maxEvaluations(MOST_STEPS)
                            .maxIterations(MOST_STEPS)
                            .build());
            return Optional.of(new Fit(curve.model(optimum.getPoint()), optimum.getCost()));
        } catch (MathIllegalStateException e) {
            return Optional.empty(); // no convergence: this set of unknowns is not the one
        }
    }

    /** Logarithm of the model and its derivatives. */
    private final class Curve implements MultivariateJacobianFunction {
        private final boolean freeAlpha;
        private final boolean freeBeta;

        Curve(boolean freeAlpha, boolean freeBeta) {
            this.freeAlpha = freeAlpha;
            this.freeBeta = freeBeta;
        }

        UslModel model(RealVector point) {
            int at = 1;
            double alpha = freeAlpha ? point.getEntry(at++) : 0;
            double beta = freeBeta ? point.getEntry(at) : 0;
            return new UslModel(Math.exp(point.getEntry(0)), alpha, beta);
        }

        @Override
        public Pair<RealVector, RealMatrix> value(RealVector point) {
            UslModel model = model(point);
            double[] values = new double[n.length];
            double[][] slopes = new double[n.length][point.getDimension()];
            for (int i = 0; i < n.length; i++) {
                double slowdown = Math.max(SMALLEST_SLOWDOWN, model.slowdown(n[i]));
                values[i] = point.getEntry(0) + Math.log(n[i]) - Math.log(slowdown);
                slopes[i][0] = 1;
                int at = 1;
                if (freeAlpha) {
                    slopes[i][at++] = -(n[i] - 1) / slowdown;
                }
                if (freeBeta) {
                    slopes[i][at] = -n[i] * (n[i] - 1) / slowdown;
                }
            }
            return new Pair<>(new ArrayRealVector(values, false), new Array2DRowRealMatrix(slopes, false));
        }
    }
}
