package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostCpuTest {
    @Test
    void busyTime_leavesIdleAndIoWaitOut() {
        assertThat(HostCpu.parse("cpu  1 2 4 1000 2000 8 16 32 0 0")).hasValue(new HostCpu(310_000_000, 320_000_000));
    }

    @Test
    void otherLine_saysNothing() {
        assertThat(HostCpu.parse("intr 1 2 3")).isEmpty();
        assertThat(HostCpu.parse("")).isEmpty();
    }
}
