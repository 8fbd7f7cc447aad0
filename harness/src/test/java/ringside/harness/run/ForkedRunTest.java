package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForkedRunTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void runWhoseSizeDecides_isEndedBySilenceAlone() {
        assertThat(ForkedRun.expired(Long.MAX_VALUE, 7200 * SECOND_NS, SECOND_NS))
                .isFalse();
        assertThat(ForkedRun.expired(Long.MAX_VALUE, 61 * SECOND_NS, 61 * SECOND_NS))
                .isTrue();
    }

    @Test
    void runOfPlannedLength_isEndedByItsLimit() {
        assertThat(ForkedRun.expired(90, 89 * SECOND_NS, 89 * SECOND_NS)).isFalse();
        assertThat(ForkedRun.expired(90, 91 * SECOND_NS, SECOND_NS)).isTrue();
    }
}
