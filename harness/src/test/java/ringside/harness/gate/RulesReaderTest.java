package ringside.harness.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.harness.HarnessException;

class RulesReaderTest {
    @Test
    void everyForm_isRead() {
        Rules rules = RulesReader.parse("""
                alpha: 1%
                tolerance: 2 %
                underpowered: pass
                rules:
                  - metric: [iops, lat_p99]
                    cells: {threading: [iothread, main-loop], bs: 4k}
                  - name: acceptance
                    metric: iops
                    cells: iothread_*
                    against: {threading: big-lock}
                    expect: mean of 3 >= +20 %, none < +10 %
                  - metric: lat_p99
                    at-most: 200us
                    direction: lower
                  - scaling: vcpus
                    sigma: {may-rise: 0.01, at-most: 0.2}
                    kappa: {at-most: 0}
                """, "rules.yaml");

        assertThat(rules.alpha()).isEqualTo(0.01);
        assertThat(rules.underpoweredPasses()).isTrue();
        Rule.OfMetrics first = (Rule.OfMetrics) rules.rules().get(0);
        assertThat(first.metrics()).containsExactly("iops", "lat_p99");
        assertThat(first.cells().axes()).containsKeys("threading", "bs");
        assertThat(first.relative()).isTrue();
        assertThat(first.tolerance()).isEqualTo(0.02);
        Rule.OfMetrics acceptance = (Rule.OfMetrics) rules.rules().get(1);
        assertThat(acceptance.name()).isEqualTo("acceptance");
        assertThat(acceptance.relative()).isFalse();
        assertThat(acceptance.against()).isEqualTo(Map.of("threading", "big-lock"));
        assertThat(acceptance.expectation().orElseThrow().runs()).isEqualTo(3);
        assertThat(((Rule.OfMetrics) rules.rules().get(2)).relative()).isTrue();
        Rule.OfScaling scaling = (Rule.OfScaling) rules.rules().get(3);
        assertThat(scaling.sigma().orElseThrow().mayRise()).hasValue(0.01);
        assertThat(scaling.kappa().orElseThrow().atMost()).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "rules: []; r:1: there is no rule",
                "rules: [{cells: a}]; r:1: a rule needs a metric",
                "rules: [{metric: iops, at-mist: 3}]; r:1: 'at-mist' is no key here: use one of against, at-least",
                "rules: [{metric: iops, at-most: fast}]; r:1: 'fast' is no limit",
                "rules: [{metric: iops, expect: about 3 %}]; r:1: 'about 3 %' is no expectation: write it as in",
                "rules: [{metric: iops, tolerance: 300%}]; r:1: tolerance: '300%' is no percentage",
                "rules: [{metric: iops, direction: up}]; r:1: direction: use higher or lower",
                "rules: [{scaling: vcpus}]; r:1: a rule about scaling needs sigma or kappa",
                "rules: [{scaling: vcpus, sigma: {may-rise: -1}}]; r:1: '-1' is no plain number",
                "'rules: [{metric: iops}]\nunderpowered: maybe'; r:2: underpowered: use pass or fail",
            })
    void wrongRule_isOneLineWithItsPlace(String yaml, String message) {
        assertThatThrownBy(() -> RulesReader.parse(yaml, "r"))
                .isInstanceOf(HarnessException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({
        "200us, ns, 200000",
        "1.5ms, ns, 1500000",
        "2s, s, 2",
        "350k, 1/s, 350000",
        "350k/s, 1/s, 350000",
        "4MiB, bytes/s, 4194304",
        "2%, ratio, 0.02",
        "7, ns/op, 7",
        "7us/op, ns/op, 7000",
        "-3, 1, -3"
    })
    void limit_isInTheMetricsUnit(String text, String unit, double value) {
        assertThat(Limit.parse(text).in(unit)).isEqualTo(value);
    }

    @Test
    void limitOfAnotherUnit_isRefused() {
        assertThatThrownBy(() -> Limit.parse("200us").in("1/s")).hasMessage("'us' does not suit a metric in 1/s");
    }

    @ParameterizedTest
    @CsvSource({
        "0.21, 0.25, 0.20, true",
        "0.21, 0.19, 0.19, false",
        "0.30, 0.30, 0.09, false",
    })
    void acceptanceRule_asksForTheMeanAndForEachRun(double first, double second, double third, boolean holds) {
        Expectation rule = Expectation.parse("mean of 3 >= +20 %, none < +10 %");

        assertThat(rule.holds(new double[] {first, second, third})).isEqualTo(holds);
    }
}
