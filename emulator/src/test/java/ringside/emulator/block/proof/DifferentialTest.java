package ringside.emulator.block.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/**
 * Images of random kinds, worked on by us and by QEMU's tools in turns, against an array in memory. Much more with
 * {@code scripts/block-proof differential}.
 */
class DifferentialTest {
    private static final int OPERATIONS = Integer.getInteger("ringside.differential.operations", 1500);
    private static final long SEED = Long.getLong("ringside.differential.seed", 1);
    private static final int TURNS = 8;

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    @Test
    void imagesOfAllKinds_areWhatQemuSaysTheyAre() throws IOException {
        int operations = 0;
        int images = 0;
        for (long seed = SEED; operations < OPERATIONS; seed++) {
            operations += live(seed);
            images++;
        }
        System.out.println("differential: " + operations + " operations on " + images + " images, from seed " + SEED);
    }

    /** 133: zeroes at place 0 of an external data file were counted as allocated. */
    @ParameterizedTest
    @ValueSource(longs = 133)
    void seedsThatFoundSomething_findNothingMore(long seed) throws IOException {
        assertThat(live(seed)).isPositive();
    }

    private int live(long seed) throws IOException {
        Differential differential = new Differential(folder, seed);
        try {
            return differential.live(TURNS);
        } catch (TestAbortedException e) {
            throw e;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + differential.description() + ": " + e.getMessage(), e);
        } finally {
            differential.clear();
        }
    }
}
