package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.workloads.runner.ThreadOutcome;

class CpuMeterTest {
    @Test
    void loadThreadThatEndedEarly_keepsItsCpuTime() {
        CpuMeter start = new CpuMeter(0, 100, Map.of("vcpu0", 10L, "main-loop", 5L));
        CpuMeter end = new CpuMeter(1000, 900, Map.of("main-loop", 105L));

        CpuMeter used = end.since(start).withLoad(List.of(new ThreadOutcome("vcpu0", 1, 1000, 600, 0)));

        assertThat(used.threadNs()).isEqualTo(Map.of("vcpu0", 600L, "main-loop", 100L, CpuMeter.REST, 100L));
    }
}
