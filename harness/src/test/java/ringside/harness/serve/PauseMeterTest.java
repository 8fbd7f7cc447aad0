package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PauseMeterTest {
    @Test
    void collection_isCounted() {
        PauseMeter meter = new PauseMeter();
        long before = meter.collections();

        System.gc();

        assertThat(meter.collections()).isGreaterThan(before);
        assertThat(meter.totalMs()).isNotNegative();
        assertThat(meter.names()).isNotBlank();
    }
}
