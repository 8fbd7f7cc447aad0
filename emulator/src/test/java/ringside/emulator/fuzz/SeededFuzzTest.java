package ringside.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every build gives each fuzz target the same random inputs, and all inputs that were findings once. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeededFuzzTest {
    private static final long SEED = 0x5eed_f022_0001L;

    @ParameterizedTest
    @EnumSource
    void randomInputs_agreeWithTheSpecification(FuzzTargets which) {
        try (FuzzTarget target = which.open()) {
            assertThat(RandomFuzz.run(target, SEED, which.shortRuns(), Long.MAX_VALUE))
                    .isEqualTo(which.shortRuns());
        }
    }

    /** A line each: target, bytes in hexadecimal, what it was. */
    static Stream<String> findings() {
        InputStream file = SeededFuzzTest.class.getResourceAsStream("findings.txt");
        return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                .lines()
                .filter(line -> !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("findings")
    void formerFinding_agreesWithTheSpecification(String line) {
        String[] words = line.split(" ", 3);
        try (FuzzTarget target = FuzzTargets.of(words[0]).open()) {
            byte[] input = HexFormat.of().parseHex(words[1]);
            assertThatCode(() -> target.run(input)).doesNotThrowAnyException();
        }
    }
}
