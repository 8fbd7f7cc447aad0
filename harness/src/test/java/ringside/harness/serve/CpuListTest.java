package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListTest {
    @Test
    void numbersAndRanges_keepTheirOrder() {
        assertThat(CpuList.parse("3,0-2")).containsExactly(3, 0, 1, 2);
        assertThat(CpuList.parse("1")).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "2-1", "1,,2", "-1", "99999"})
    void otherText_isRefused(String text) {
        assertThatThrownBy(() -> CpuList.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a list of CPUs");
    }
}
