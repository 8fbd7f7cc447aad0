package ringside.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import ringside.harness.HarnessException;

/** The sample is what fio 3.33 wrote: 32 requests, read and written, at depth 4. */
class FioOutputTest {
    @Test
    void recordedResult_isReadWithAllDirections() throws IOException {
        FioOutput output = FioOutput.parse(sample());

        assertThat(output.version()).isEqualTo("fio-3.33");
        assertThat(output.directions()).extracting(FioOutput.Direction::name).containsExactly("read", "write");
        assertThat(output.ios()).isEqualTo(32);
        assertThat(output.bytes()).isEqualTo(32 * 4096);
        assertThat(output.runtimeNs()).isEqualTo(1_000_000);
        assertThat(output.errors()).isZero();
        assertThat(output.contextSwitches()).isEqualTo(1);
    }

    @Test
    void bins_becomeAHistogramWithFiosPercentiles() throws IOException {
        FioOutput output = FioOutput.parse(sample());

        assertThat(output.latency("lat").getTotalCount()).isEqualTo(32);
        assertThat(output.directions().getFirst().latency().get("lat").getValueAtPercentile(50))
                .isBetween(12_224L, 12_224L + 12_224 / 500);
        assertThat(output.latency("clat").getMean())
                .isLessThan(output.latency("lat").getMean());
    }

    @Test
    void warningBeforeTheObject_isNoError() throws IOException {
        assertThat(FioOutput.parse("fio: something\n" + sample()).ios()).isEqualTo(32);
    }

    @Test
    void failedJob_countsAsAnError() throws IOException {
        assertThat(FioOutput.parse(sample().replaceFirst("\"error\" : 0", "\"error\" : 5"))
                        .errors())
                .isEqualTo(1);
    }

    @Test
    void textThatIsNoResult_isRefusedInOneLine() {
        for (String text : new String[] {"", "fio: no", "{\n\"a\": 1}", "{\n\"jobs\": [}"}) {
            assertThatThrownBy(() -> FioOutput.parse(text))
                    .isInstanceOf(HarnessException.class)
                    .hasMessageStartingWith("fio's result cannot be read")
                    .hasMessageNotContaining("\n");
        }
    }

    private static String sample() throws IOException {
        try (InputStream stream = FioOutputTest.class.getResourceAsStream("/ringside/peer/fio-3.33-randrw.json")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
