package ringside.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that cuts short the file behind shared memory causes errors of accesses, never the end of the process. */
@Timeout(120)
class LeFaultTest {
    @TempDir
    private Path crashes;

    /** The interpreter and the compilers access memory by different instructions, and the JVM has to decode them. */
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-Xcomp"})
    void everyAccess_endsInAnErrorOfItsOwn(String mode) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        mode,
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=compileonly,ringside.emulator.memory.*::*",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeFaultProbe.class.getName()))
                .directory(crashes.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo("16 of 16");
    }
}
