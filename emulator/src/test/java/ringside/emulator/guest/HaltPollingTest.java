package ringside.emulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of KVM's halt polling: from a series of halts to the length of the next polling phase. */
class HaltPollingTest {
    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
            200000 | 1                                   | first phase after a short halt       | 10000
            200000 | 200000                              | also when the halt was just in reach | 10000
            200000 | 200001                              | none after a long halt               | 0
            200000 | 1 10000                             | kept while it is long enough         | 10000
            200000 | 1 10001                             | doubled when it was too short        | 20000
            200000 | 1 10001 20001 40001 80001           | doubled each time                    | 160000
            200000 | 1 10001 20001 40001 80001 160001    | never longer than the bound          | 200000
            200000 | 1 10001 200001                      | back to none after a long halt       | 0
            200000 | 1 200001 1                          | starts again after falling back      | 10000
            5000   | 1                                   | a bound below the first phase holds  | 5000
            """)
    void phase_followsTheHalts(long maxNs, String haltsNs, String rule, long expectedNs) {
        HaltPolling polling = new HaltPolling(maxNs);

        Arrays.stream(haltsNs.split(" ")).mapToLong(Long::parseLong).forEach(polling::adjust);

        assertThat(polling.currentNs()).as(rule).isEqualTo(expectedNs);
    }

    @Test
    void boundOfZero_switchesPollingOff() {
        assertThat(new HaltPolling(0).enabled()).isFalse();
    }

    @Test
    void negativeBound_isRefused() {
        assertThatThrownBy(() -> new HaltPolling(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("halt-poll-ns");
    }
}
