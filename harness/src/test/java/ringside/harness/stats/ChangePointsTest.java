package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangePointsTest {
    private static final double[] NOISE = Noise.WHITE.series(100, 0.01, Bootstrap.generator(1));

    @Test
    void noChange_isNoPoint() {
        assertThat(ChangePoints.find(NOISE, 0.01, 1)).isEmpty();
    }

    @Test
    void constantSeries_isNoPoint() {
        double[] constant = new double[50];
        Arrays.fill(constant, 7);

        assertThat(ChangePoints.find(constant, 0.01, 1)).isEmpty();
    }

    @Test
    void stepWithoutNoise_isFoundWhereItIs() {
        double[] constant = new double[50];
        Arrays.fill(constant, 100);

        List<ChangePoint> points = ChangePoints.find(Noise.step(constant, 30, 0.9), 0.01, 1);

        assertThat(points).extracting(ChangePoint::at).containsExactly(30);
        assertThat(points.getFirst().ratio()).isCloseTo(0.9, within(1e-9));
    }

    @Test
    void largeStepAtTheEnd_keepsItsSizeThoughOutliersArePulledIn() {
        ChangePoint point =
                ChangePoints.find(Noise.step(NOISE, 97, 0.5), 0.01, 1).getFirst();

        assertThat(point.at()).isEqualTo(97);
        assertThat(point.ratio()).isCloseTo(0.5, within(0.02));
        assertThat(point.interval().contains(0.5)).isTrue();
        assertThat(point.confirmed()).isTrue();
    }

    @Test
    void severalSteps_areAllFound() {
        double[] values = Noise.step(Noise.step(Noise.step(NOISE, 30, 0.9), 55, 1.2), 80, 0.95);

        assertThat(ChangePoints.find(values, 0.01, 1))
                .extracting(ChangePoint::at)
                .containsExactly(30, 55, 80);
    }

    @Test
    void dipThatEnds_isTwoSteps() {
        double[] values = Noise.step(Noise.step(NOISE, 60, 0.9), 70, 1 / 0.9);

        assertThat(ChangePoints.find(values, 0.01, 1))
                .extracting(ChangePoint::at)
                .containsExactly(60, 70);
    }

    @Test
    void singleOutlier_isNoPoint() {
        double[] values = NOISE.clone();
        values[50] *= 0.3;
        values[99] *= 0.3;

        assertThat(ChangePoints.find(values, 0.01, 1)).isEmpty();
    }

    @Test
    void sureButSmallStep_isBelowTheSmallestEffect() {
        double[] values = Noise.step(Noise.WHITE.series(100, 0.001, Bootstrap.generator(2)), 50, 0.99);

        assertThat(ChangePoints.find(values, 0.03, 1)).isEmpty();
        assertThat(ChangePoints.find(values, 0.005, 1)).hasSize(1);
    }

    @Test
    void manySeries_needMoreToConfirm() {
        double[] values = Noise.step(Noise.WHITE.series(60, 0.02, Bootstrap.generator(5)), 50, 0.945);

        assertThat(ChangePoints.find(values, 0.01, 1)).hasSize(1);
        ChangePoint alone = ChangePoints.find(values, 0.01, 1).getFirst();
        ChangePoint amongMany = ChangePoints.find(values, 0.01, 1_000_000).getFirst();
        assertThat(alone.confirmed()).isTrue();
        assertThat(amongMany.confirmed()).isFalse();
    }

    @Test
    void fewValues_sayNothing() {
        assertThat(ChangePoints.find(new double[] {1, 2, 3}, 0.01, 1)).isEmpty();
        assertThat(ChangePoints.find(new double[0], 0.01, 1)).isEmpty();
    }
}
