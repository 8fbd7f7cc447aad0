package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void knownSample_hasTextbookValues() {
        Summary summary = Summary.of(2, 4, 4, 4, 5, 5, 7, 9);

        assertThat(summary.n()).isEqualTo(8);
        assertThat(summary.mean()).isEqualTo(5);
        assertThat(summary.median()).isEqualTo(4.5);
        assertThat(summary.sd()).isCloseTo(Math.sqrt(32.0 / 7), within(1e-12));
        assertThat(summary.cv()).isCloseTo(Math.sqrt(32.0 / 7) / 5, within(1e-12));
        assertThat(summary.min()).isEqualTo(2);
        assertThat(summary.max()).isEqualTo(9);
    }

    @Test
    void unsortedOddSample_hasMiddleValueAsMedian() {
        assertThat(Summary.of(9, 1, 5).median()).isEqualTo(5);
    }

    @Test
    void oneValue_hasNoSpread() {
        assertThat(Summary.of(3)).isEqualTo(new Summary(1, 3, 3, 0, 0, 3, 3));
    }

    @Test
    void emptySample_isRefused() {
        assertThatThrownBy(Summary::of).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bootstrapOfMedian_isRepeatableAndCoversTheMedian() {
        double[] values = {10, 12, 11, 13, 9, 14, 10, 11, 12, 30};

        Interval interval = Bootstrap.ofMedian(values, 7);

        assertThat(interval).isEqualTo(Bootstrap.ofMedian(values, 7));
        assertThat(interval.contains(11.5)).isTrue();
        assertThat(interval.low()).isGreaterThanOrEqualTo(9.5);
        assertThat(interval.high()).isLessThanOrEqualTo(14);
    }
}
