package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.commons.math3.distribution.TDistribution;
import org.junit.jupiter.api.Test;

class LogSamplesTest {
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(11);

    private double[] normal(int n, double mean, double sd) {
        return random.doubles(n)
                .map(ignored -> Math.exp(mean + sd * random.nextGaussian()))
                .toArray();
    }

    /** t = -4 / sqrt(5), 6 degrees of freedom: p = 0.1240 for these logarithms. */
    @Test
    void pValue_isThatOfWelch() {
        double[] a = {Math.exp(1), Math.exp(2), Math.exp(3), Math.exp(4)};
        double[] b = {Math.exp(-1), Math.exp(0), Math.exp(1), Math.exp(2)};
        LogSamples samples = new LogSamples(a, b);

        assertThat(samples.difference()).isCloseTo(-2, within(1e-9));
        double t = 2 / Math.sqrt(2 * (5.0 / 3) / 4);
        double p = 2 * new TDistribution(6).cumulativeProbability(-t);
        assertThat(samples.pValue()).isCloseTo(p, within(1e-9));
        assertThat(samples.ratioInterval().contains(Math.exp(-2))).isTrue();
    }

    @Test
    void samplesWithoutScatter_areEqualOrNot() {
        assertThat(new LogSamples(new double[] {2, 2, 2}, new double[] {2, 2, 2}).pValue())
                .isEqualTo(1);
        LogSamples apart = new LogSamples(new double[] {2, 2, 2}, new double[] {3, 3, 3});
        assertThat(apart.pValue()).isZero();
        assertThat(apart.canShow(0.01, 0.05)).isTrue();
    }

    @Test
    void equalDistributions_areCalledDifferentAsOftenAsTheLevelSays() {
        int alarms = 0;
        for (int i = 0; i < 2000; i++) {
            alarms += new LogSamples(normal(6, 3, 0.05), normal(6, 3, 0.05)).pValue() < 0.05 ? 1 : 0;
        }

        assertThat(alarms / 2000.0).isBetween(0.03, 0.07);
    }

    /** The number that is promised to find an effect with 80 % does so. */
    @Test
    void runsNeeded_findTheEffect() {
        double effect = Math.log(1.05);
        double[] a = normal(200, 0, 0.05);
        double[] b = normal(200, 0, 0.05);
        int needed = new LogSamples(a, b).runsNeeded(effect, 0.05);
        int found = 0;
        for (int i = 0; i < 1000; i++) {
            found += new LogSamples(normal(needed, 0, 0.05), normal(needed, effect, 0.05)).pValue() < 0.05 ? 1 : 0;
        }

        assertThat(needed).isBetween(14, 22);
        assertThat(found / 1000.0).isBetween(0.74, 0.9);
    }
}
