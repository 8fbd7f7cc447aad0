package ringside.emulator.vhostuser.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The fuzz target is not void: random front-ends get as far as requests. */
class VhostUserTargetTest {
    private static final int INPUTS = 400;
    private static final int MAX_BYTES = 300;

    @Test
    void randomFrontEnds_getAsFarAsTheDisk() {
        SplittableRandom random = new SplittableRandom(21);
        try (VhostUserTarget target = new VhostUserTarget()) {
            for (int i = 0; i < INPUTS; i++) {
                byte[] input = new byte[random.nextInt(1, MAX_BYTES)];
                random.nextBytes(input);
                target.run(input);
            }
            assertThat(target.requests()).isPositive();
        }
    }
}
