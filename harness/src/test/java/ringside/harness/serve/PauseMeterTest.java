package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PauseMeterTest {
    @Test
    void collection_isCounted() {
        System.gc();
        PauseMeter meter = new PauseMeter();
        assertThat(meter.collections()).isZero();

        System.gc();

        assertThat(meter.collections()).isPositive();
        assertThat(meter.totalMs()).isNotNegative();
        assertThat(meter.names()).isNotBlank();
    }
}
