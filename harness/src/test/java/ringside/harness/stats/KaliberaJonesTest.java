package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class KaliberaJonesTest {
    private static final double MEAN = 1_000;

    @Test
    void knownVariances_areFoundAndGiveTheBestRepetitions() {
        KaliberaJones plan = KaliberaJones.ofRuns(runs(2_000, 30, 100, 30, 1), 1, 20);

        assertThat(Math.sqrt(plan.variances()[0])).isCloseTo(100, within(2.0));
        assertThat(Math.sqrt(plan.variances()[1])).isCloseTo(30, within(2.0));
        // sqrt(20 x 100^2 / 30^2) = 14.9
        assertThat(plan.repetitions()[0]).isBetween(14, 17);
    }

    @Test
    void noOtherSplitOfTheSameTime_givesSmallerVariance() {
        KaliberaJones plan = KaliberaJones.ofRuns(runs(2_000, 30, 100, 30, 1), 1, 20);
        double best = costPerPrecision(plan, 20);

        for (int other : new int[] {1, 5, 10, 20, 40, 100}) {
            assertThat(costPerPrecision(plan.with(other), 20)).isGreaterThan(best * 0.999);
        }
    }

    private static double costPerPrecision(KaliberaJones plan, double runCost) {
        return plan.variance() * (runCost + plan.repetitions()[0]);
    }

    @Test
    void runsThatAddNothing_areReplacedByIterations() {
        double[][] same = {{1, 2, 3, 4}, {4, 3, 2, 1}, {2, 1, 4, 3}};

        KaliberaJones plan = KaliberaJones.ofRuns(same, 1, 20);

        assertThat(plan.variances()[1]).isZero();
        assertThat(plan.repetitions()[0]).isEqualTo(KaliberaJones.MOST);
    }

    @Test
    void iterationsThatAddNothing_areNotRepeated() {
        assertThat(KaliberaJones.ofRuns(new double[][] {{5, 5}, {6, 6}, {7, 7}}, 1, 20)
                        .repetitions()[0])
                .isEqualTo(1);
    }

    @Test
    void threeLevels_areToldApart() {
        double[][][] sessions = new double[400][][];
        RandomGenerator random = Bootstrap.generator(9);
        for (int i = 0; i < sessions.length; i++) {
            double session = 50 * random.nextGaussian();
            sessions[i] = runs(5, 10, 100, 30, 100 + i);
            for (double[] run : sessions[i]) {
                for (int j = 0; j < run.length; j++) {
                    run[j] += session;
                }
            }
        }

        KaliberaJones plan = KaliberaJones.ofSessions(sessions, 1, 20, 500);

        assertThat(Math.sqrt(plan.variances()[1])).isCloseTo(30, within(4.0));
        assertThat(Math.sqrt(plan.variances()[2])).isCloseTo(50, within(4.0));
        // sqrt(500 / 20 x 30^2 / 50^2) = 3
        assertThat(plan.repetitions()[1]).isBetween(3, 4);
    }

    /** What is planned from a pilot is what comes: the interval holds the mean in 95 % and is as wide as wanted. */
    @Test
    void plannedExperiment_hasTheWantedHalfWidthAndHoldsTheTruth() {
        KaliberaJones plan = KaliberaJones.ofRuns(runs(200, 30, 100, 30, 1), 1, 20);
        int runs = plan.highest(0.02);
        int held = 0;
        double halfWidths = 0;
        int experiments = 500;
        for (int i = 0; i < experiments; i++) {
            KaliberaJones result = KaliberaJones.ofRuns(runs(runs, plan.repetitions()[0], 100, 30, 5_000 + i), 1, 20);
            double half = result.with(plan.repetitions()[0]).halfWidth(runs) * result.mean();
            halfWidths += half / MEAN;
            held += Math.abs(result.mean() - MEAN) <= half ? 1 : 0;
        }

        assertThat(held).isBetween(460, 490);
        assertThat(halfWidths / experiments).isCloseTo(0.02, within(0.002));
    }

    private static double[][] runs(int runs, int iterations, double within, double between, long seed) {
        RandomGenerator random = Bootstrap.generator(seed);
        double[][] values = new double[runs][iterations];
        for (double[] run : values) {
            double level = MEAN + between * random.nextGaussian();
            for (int i = 0; i < iterations; i++) {
                run[i] = level + within * random.nextGaussian();
            }
        }
        return values;
    }
}
