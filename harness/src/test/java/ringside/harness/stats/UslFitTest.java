package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import ringside.harness.HarnessException;

class UslFitTest {
    private static final double[] LEVELS = {1, 2, 4, 8, 16, 32};
    private static final UslModel CONTENDED = new UslModel(10_000, 0.05, 0.001);

    @Test
    void exactLaw_isFound() {
        UslFit fit = UslFit.of(LEVELS, samples(CONTENDED, 0, 3, 1), 1);

        assertThat(fit.model().gamma()).isCloseTo(10_000, within(1.0));
        assertThat(fit.model().alpha()).isCloseTo(0.05, within(1e-6));
        assertThat(fit.model().beta()).isCloseTo(0.001, within(1e-7));
        assertThat(fit.model().peak().orElseThrow()).isCloseTo(Math.sqrt(950), within(1e-3));
        assertThat(fit.fitError()).isLessThan(1e-6);
    }

    @Test
    void orderOfLevels_doesNotMatter() {
        double[][] samples = samples(CONTENDED, 0.02, 3, 7);
        UslFit rising = UslFit.of(LEVELS, samples, 1);
        double[] falling = {32, 16, 8, 4, 2, 1};
        double[][] turned = new double[6][];
        for (int i = 0; i < 6; i++) {
            turned[i] = samples[5 - i];
        }

        assertThat(UslFit.of(falling, turned, 1)).isEqualTo(rising);
    }

    @Test
    void pureContention_leavesBetaAtZeroAndHasNoPeak() {
        UslFit fit = UslFit.of(LEVELS, samples(new UslModel(500, 0.2, 0), 0, 3, 1), 1);

        assertThat(fit.model().alpha()).isCloseTo(0.2, within(1e-6));
        assertThat(fit.model().beta()).isCloseTo(0, within(1e-7));
        assertThat(fit.model().knee().orElseThrow()).isCloseTo(5, within(0.01));
    }

    @Test
    void superlinearScaling_givesZeroAndNotNegativeCoefficients() {
        double[][] superlinear = {{100}, {210}, {440}, {900}, {1_900}, {3_900}};

        UslFit fit = UslFit.of(LEVELS, superlinear, 1);

        assertThat(fit.model().alpha()).isZero();
        assertThat(fit.model().beta()).isZero();
        assertThat(fit.model().knee()).isEmpty();
    }

    /** The long form is {@code scripts/stats-proof scaling}. */
    @Test
    void intervals_holdTheTruthAsOftenAsTheySay() {
        int experiments = Integer.getInteger("ringside.simulations", 20);
        int[] held = new int[3];
        for (int i = 0; i < experiments; i++) {
            UslFit fit = UslFit.of(LEVELS, samples(CONTENDED, 0.02, 3, 1_000 + i), i);
            held[0] += fit.gamma().contains(CONTENDED.gamma()) ? 1 : 0;
            held[1] += fit.alpha().contains(CONTENDED.alpha()) ? 1 : 0;
            held[2] += fit.beta().contains(CONTENDED.beta()) ? 1 : 0;
        }

        if (experiments > 20) {
            String[] names = {"gamma", "alpha", "beta"};
            for (int i = 0; i < 3; i++) {
                System.out.println(
                        100.0 * held[i] / experiments + " % of " + experiments + ": interval holds " + names[i]);
            }
        }
        assertThat(Arrays.stream(held).min().orElseThrow()).isGreaterThanOrEqualTo(experiments * 17 / 20);
    }

    @Test
    void flatEnd_refusesToExtrapolate() {
        UslFit fit = UslFit.of(LEVELS, samples(new UslModel(500, 0.2, 0), 0.02, 3, 3), 1);

        assertThat(fit.predict(16)).isPresent();
        assertThat(fit.predict(48)).isEmpty();
        assertThat(fit.refusal(48).orElseThrow()).contains("beta may be 0");
    }

    @Test
    void knownFall_extrapolatesToTwiceTheLargestAndNoFarther() {
        UslFit fit = UslFit.of(LEVELS, samples(CONTENDED, 0.005, 5, 3), 1);

        assertThat(fit.predict(64).orElseThrow()).isCloseTo(CONTENDED.throughput(64), within(800.0));
        assertThat(fit.refusal(65).orElseThrow()).contains("more than 2 times");
    }

    @Test
    void levelsThatDoNotFollowTheLaw_areSaidToMisfit() {
        double[][] samples = samples(CONTENDED, 0.005, 5, 3);
        for (int i = 0; i < 5; i++) {
            samples[3][i] *= 0.7; // eight share a core
        }

        UslFit fit = UslFit.of(LEVELS, samples, 1);

        assertThat(fit.describes()).isFalse();
        assertThat(fit.lackOfFitP()).isLessThan(0.001);
        assertThat(UslFit.of(LEVELS, samples(CONTENDED, 0.005, 5, 3), 1).describes())
                .isTrue();
    }

    @Test
    void scatterAsLargeAsTheLevels_determinesNothing() {
        UslFit fit = UslFit.of(LEVELS, samples(new UslModel(500, 0.8, 0), 1, 2, 5), 1);

        assertThat(fit.determined()).isFalse();
        assertThat(fit.refusal(40).orElseThrow()).contains("scatter too much");
        assertThat(UslFit.of(LEVELS, samples(CONTENDED, 0.02, 3, 3), 1).determined())
                .isTrue();
    }

    @Test
    void tooFewLevels_areRefusedWithARemedy() {
        assertThatThrownBy(() -> UslFit.of(new double[] {1, 2, 4}, new double[][] {{1}, {2}, {3}}, 1))
                .isInstanceOf(HarnessException.class)
                .hasMessage("a scalability fit needs at least 4 levels, there are 3: measure more values of the axis");
    }

    private static double[][] samples(UslModel model, double cv, int runs, long seed) {
        RandomGenerator random = Bootstrap.generator(seed);
        double[][] samples = new double[LEVELS.length][runs];
        for (int i = 0; i < LEVELS.length; i++) {
            for (int run = 0; run < runs; run++) {
                samples[i][run] = model.throughput(LEVELS[i]) * Math.exp(cv * random.nextGaussian());
            }
        }
        return samples;
    }
}
