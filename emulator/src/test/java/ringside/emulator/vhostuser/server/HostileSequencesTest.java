package ringside.emulator.vhostuser.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Front-ends from random bytes: the same that the fuzzer of profile {@code fuzz} goes on with for as long as it is let. */
class HostileSequencesTest {
    private static final int FRONT_ENDS = 150;
    private static final int MAX_BYTES = 400;

    private ServedDisk disk;

    @BeforeEach
    void serve(@TempDir Path folder) throws IOException {
        disk = new ServedDisk(folder);
    }

    @AfterEach
    void stop() {
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyFrontEnd_leavesAServerThatServes(long seed) {
        disk.assertServes();
        disk.awaitAlone();
        long files = ServedDisk.openFiles();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < FRONT_ENDS; i++) {
            byte[] input = new byte[random.nextInt(MAX_BYTES)];
            random.nextBytes(input);
            disk.suffer(input);
        }
        disk.assertServes();
        disk.awaitAlone();
        assertThat(disk.log())
                .noneMatch(line -> line.contains("unexpectedly"))
                .allSatisfy(line -> assertThat(line).hasLineCount(1));
        assertThat(ServedDisk.openFiles()).isEqualTo(files);
    }
}
