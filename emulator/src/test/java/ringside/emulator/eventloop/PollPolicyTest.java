package ringside.emulator.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

        Arrays.stream(waitsNs.split(" ")).mapToLong(Long::parseLong).forEach(wait -> policy.missed(0, wait));

        assertThat(policy.phaseNs(0)).as(rule).isEqualTo(expectedNs);
    }

    @Test
    void newPolicy_doesNotPollYet() {
        assertThat(new PollPolicy(32_768, 0, 0).phaseNs(0)).isZero();
    }

    @Test
    void boundOfZero_switchesPollingOff() {
        PollPolicy policy = new PollPolicy(0, 0, 0);

        policy.missed(0, 1);

        assertThat(policy.enabled()).isFalse();
        assertThat(policy.phaseNs(0)).isZero();
    }

    /** Work that always comes right after the loop gave up its core: a longer phase would not find it either. */
    @Test
    void workThatComesWheneverTheLoopHasBlocked_suspendsPolling() {
        PollPolicy policy = new PollPolicy(32_768, 0, 0);

        int waits = 0;
        while (!policy.suspended() && waits < 100) {
            policy.missed(waits, policy.phaseNs(waits) + 5_000);
            waits++;
        }

        assertThat(policy.suspended()).isTrue();
        assertThat(waits).isLessThan(3 * PollPolicy.JUST_MISSED);
        assertThat(policy.phaseNs(waits)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {3_000, 20_000, 60_000, 100_000, 1_000_000, 900_000_000})
    void workThatALongerPhaseReaches_isGrownTowards(long waitNs) {
        PollPolicy policy = new PollPolicy(1_000_000_000, 0, 0);

        int waits = 0;
        while (policy.phaseNs(0) < waitNs && waits < 100) {
            policy.missed(0, waitNs);
            waits++;
        }

        assertThat(policy.phaseNs(0)).isGreaterThanOrEqualTo(waitNs);
        assertThat(policy.suspensions()).isZero();
    }

    @Test
    void hit_isEvidenceThatPollingPays() {
        PollPolicy policy = new PollPolicy(32_768, 0, 0);
        policy.missed(0, 1);

        for (int i = 0; i < 10 * PollPolicy.JUST_MISSED; i++) {
            policy.missed(0, policy.phaseNs(0) + 1);
            policy.hit();
        }

        assertThat(policy.suspensions()).isZero();
    }

    @Test
    void idleDisk_isNoEvidenceOfASharedCore() {
        PollPolicy policy = new PollPolicy(32_768, 0, 2);

        for (int i = 0; i < 100; i++) {
            policy.missed(i, 10_000_000);
        }

        assertThat(policy.suspensions()).isZero();
    }

    private static void lose(PollPolicy policy, long nowNs) {
        for (int i = 0; i < PollPolicy.LOSSES; i++) {
            policy.lostCore(nowNs, PollPolicy.PROMPT_NS);
        }
    }

    @Test
    void coreLostAgainAndAgain_suspendsPollingForAWhile() {
        PollPolicy policy = new PollPolicy(32_768, 0, 0);
        policy.missed(0, 1);

        lose(policy, 0);

        assertThat(policy.phaseNs(PollPolicy.SUSPENSION_NS - 1)).isZero();
        assertThat(policy.suspended()).isTrue();
        policy.phaseNs(PollPolicy.SUSPENSION_NS);
        assertThat(policy.suspended()).isFalse();
        policy.missed(PollPolicy.SUSPENSION_NS, 1);
        assertThat(policy.phaseNs(PollPolicy.SUSPENSION_NS)).isEqualTo(PollPolicy.FIRST_NS);
    }

    @Test
    void coreLostNowAndThen_isTheHostsHousekeeping() {
        PollPolicy policy = new PollPolicy(32_768, 0, 0);

        for (int i = 0; i < 100; i++) {
            policy.lostCore(i * PollPolicy.EVIDENCE_NS, PollPolicy.PROMPT_NS);
        }

        assertThat(policy.suspensions()).isZero();
    }

    @Test
    void coreLostRightAfterWork_isTheEndOfASlice() {
        PollPolicy policy = new PollPolicy(32_768, 0, 0);

        for (int i = 0; i < 100; i++) {
            policy.lostCore(i, PollPolicy.PROMPT_NS - 1);
        }

        assertThat(policy.suspensions()).isZero();
    }

    @Test
    void suspensionThatWasTooShort_isDoubledUpToABound_andShortAgainLater() {
        PollPolicy policy = new PollPolicy(32_768, 0, 0);
        long now = 0;
        long longest = 0;
        for (int i = 0; i < 10; i++) {
            lose(policy, now);
            long begin = now;
            while (policy.suspended()) {
                now += PollPolicy.SUSPENSION_NS;
                policy.phaseNs(now);
            }
            longest = now - begin;
        }

        assertThat(longest).isEqualTo(PollPolicy.LONGEST_SUSPENSION_NS);
        now += 2 * PollPolicy.LONGEST_SUSPENSION_NS;
        lose(policy, now);
        policy.phaseNs(now + PollPolicy.SUSPENSION_NS);
        assertThat(policy.suspended()).isFalse();
    }
}
