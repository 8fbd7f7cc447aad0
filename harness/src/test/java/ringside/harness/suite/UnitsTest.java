package ringside.harness.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"512,512", "4k,4096", "4K,4096", "1MiB,1048576", "1mb,1048576", "0.5k,512", "2G,2147483648", "7B,7"})
    void size_isReadAsQemuDoes(String text, long bytes) {
        assertThat(Units.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"500us,500000", "2s,2000000000", "32768,32768", "1.5ms,1500000"})
    void duration_isReadInNanoseconds(String text, long ns) {
        assertThat(Units.nanoseconds(text)).isEqualTo(ns);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-4k", "4 apples", "0x1000", "4kk", "0.3", "99999999999999999999"})
    void badSize_isRefused(String text) {
        assertThatThrownBy(() -> Units.bytes(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void size_isShownInItsLargestUnit() {
        assertThat(Units.formatBytes(256L << 20)).isEqualTo("256 MiB");
        assertThat(Units.formatBytes(1536L << 20)).isEqualTo("1.5 GiB");
        assertThat(Units.formatBytes(12)).isEqualTo("12 bytes");
    }
}
