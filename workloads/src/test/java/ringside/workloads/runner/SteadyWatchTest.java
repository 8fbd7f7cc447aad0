package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;

class SteadyWatchTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir
    Path temp;

    private List<JobSpec> jobs(String... lines) throws IOException {
        String text = "[x]\nrw=read\n" + String.join("\n", lines) + "\n";
        return JobFile.parse(Files.writeString(temp.resolve("x.fio"), text), Strictness.STRICT)
                .jobs();
    }

    /** When rates of so many requests per second, one each second, are steady; 0 for never. */
    private int steadyAfter(List<JobSpec> jobs, int... rates) {
        SteadyWatch watch = SteadyWatch.of(jobs);
        long ios = 0;
        assertThat(watch.steady(0, 0, 0)).isFalse();
        for (int second = 1; second <= rates.length; second++) {
            ios += rates[second - 1];
            if (watch.steady(second * SECOND_NS, ios, ios * 4096)) {
                assertThat(watch.outcome(99))
                        .hasValueSatisfying(
                                steady -> assertThat(steady.attained()).isTrue());
                return second;
            }
        }
        return 0;
    }

    @ParameterizedTest
    @CsvSource({
        "iops:5%, 7", // 100 102 98 101: 2 % off
        "iops:1%, 0",
        "iops_slope:1%, 7",
        "iops_slope:1, 7",
        "bw:5%, 7",
        "bw:16k, 7", // 4 requests per second
        "bw_slope:1, 0"
    })
    void limit_decidesWhenARunIsSteady(String rule, int second) throws IOException {
        assertThat(steadyAfter(jobs("steadystate=" + rule, "ss_dur=4"), 10, 50, 80, 100, 102, 98, 101))
                .isEqualTo(second);
    }

    @Test
    void ramp_isNotLookedAt() throws IOException {
        assertThat(steadyAfter(jobs("ss=iops:1%", "ss_dur=2", "ss_ramp=3"), 100, 100, 100, 100, 100, 100))
                .isEqualTo(5);
    }

    @Test
    void withoutARule_nothingIsSteady() throws IOException {
        assertThat(steadyAfter(jobs(), 100, 100, 100)).isZero();
        assertThat(SteadyWatch.of(jobs()).outcome(5)).isEmpty();
    }

    @Test
    void runThatNeverWas_saysSo() throws IOException {
        SteadyWatch watch = SteadyWatch.of(jobs("ss=iops:1%", "ss_dur=3"));
        watch.steady(0, 0, 0);

        assertThat(watch.outcome(7 * SECOND_NS)).hasValueSatisfying(steady -> {
            assertThat(steady.attained()).isFalse();
            assertThat(steady.atNs()).isEqualTo(7 * SECOND_NS);
            assertThat(steady.value()).isNaN();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"lat:1%", "iops", "iops:0", "iops:x%", "iops:1%"})
    void nonsense_isRefused(String rule) {
        assertThatThrownBy(() -> jobs("steadystate=" + rule))
                .hasMessageContaining("steadystate")
                .message()
                .hasLineCount(1);
    }
}
