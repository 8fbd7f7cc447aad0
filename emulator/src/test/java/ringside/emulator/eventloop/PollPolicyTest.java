package ringside.emulator.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of QEMU's poll-max-ns, poll-grow and poll-shrink: from a series of waits to the length of the next phase. */
class PollPolicyTest {
    @ParameterizedTest(name = "{4}")
    @CsvSource(delimiter = '|', textBlock = """
            32768 | 0 | 0 | 1                          | first phase when work comes soon        | 4000
            32768 | 0 | 0 | 32768                      | also when work comes just in time       | 4000
            32768 | 0 | 0 | 32769                      | none when work comes too late to pay    | 0
            32768 | 0 | 0 | 1 3999                     | kept while it is long enough            | 4000
            32768 | 0 | 0 | 1 4000                     | kept when it was just long enough       | 4000
            32768 | 0 | 0 | 1 4001                     | doubled when a little more would do     | 8000
            32768 | 3 | 0 | 1 4001                     | grown by the factor that was set        | 12000
            32768 | 0 | 0 | 1 4001 8001 16001 32001    | never longer than the bound             | 32768
            32768 | 0 | 0 | 1 4001 8001 16001 32001 32768 | kept at the bound                    | 32768
            32768 | 0 | 0 | 1 4001 32769               | back to none without a divisor          | 0
            32768 | 0 | 2 | 1 4001 32769               | divided when work came much later       | 4000
            32768 | 0 | 2 | 1 4001 32769 32769 32769   | divided each time                       | 1000
            32768 | 0 | 0 | 1 32769 1                  | starts again after falling back         | 4000
            1000  | 0 | 0 | 1                          | a bound below the first phase holds     | 1000
            """)
    void phase_followsTheWaits(long maxNs, int grow, int shrink, String waitsNs, String rule, long expectedNs) {
        PollPolicy policy = new PollPolicy(maxNs, grow, shrink);

        Arrays.stream(waitsNs.split(" ")).mapToLong(Long::parseLong).forEach(policy::adjust);

        assertThat(policy.currentNs()).as(rule).isEqualTo(expectedNs);
    }

    @Test
    void newPolicy_doesNotPollYet() {
        assertThat(new PollPolicy(32_768, 0, 0).currentNs()).isZero();
    }

    @Test
    void boundOfZero_switchesPollingOff() {
        PollPolicy policy = new PollPolicy(0, 0, 0);

        policy.adjust(1);

        assertThat(policy.enabled()).isFalse();
        assertThat(policy.currentNs()).isZero();
    }
}
