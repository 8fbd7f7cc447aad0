package ringside.emulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class VirtualCpuTest {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);

    @ParameterizedTest
    @ValueSource(longs = {0, 200_000})
    void interruptBeforeTheHalt_endsItAtOnce(long haltPollMaxNs) {
        try (VirtualCpu cpu = new VirtualCpu(haltPollMaxNs)) {
            cpu.interrupt();

            assertThat(cpu.halt(LONG_NS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 200_000})
    void haltWithoutInterrupt_endsWithoutOne(long haltPollMaxNs) {
        try (VirtualCpu cpu = new VirtualCpu(haltPollMaxNs)) {
            assertThat(cpu.halt(1)).isFalse();
        }
    }

    @Test
    void interruptsThatCoincide_areOne() {
        try (VirtualCpu cpu = new VirtualCpu(0)) {
            cpu.interrupt();
            cpu.interrupt();

            assertThat(cpu.halt(LONG_NS)).isTrue();
            assertThat(cpu.halt(1)).isFalse();
        }
    }

    /** Two vCPUs hand a turn to and fro; one interrupt that got lost would end this in a halt of 30 seconds. */
    @ParameterizedTest
    @ValueSource(longs = {0, 200_000})
    void interruptsThatRaceWithHalts_areNotLost(long haltPollMaxNs) throws InterruptedException {
        int rounds = 5_000;
        try (VirtualCpu left = new VirtualCpu(haltPollMaxNs);
                VirtualCpu right = new VirtualCpu(haltPollMaxNs)) {
            int[] answered = {0};
            Thread other = Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < rounds && haltUntilInterrupted(right); i++) {
                    answered[0]++;
                    left.interrupt();
                }
            });
            int received = 0;
            for (int i = 0; i < rounds; i++) {
                right.interrupt();
                received += haltUntilInterrupted(left) ? 1 : 0;
            }
            other.join();

            assertThat(received).isEqualTo(rounds);
            assertThat(answered[0]).isEqualTo(rounds);
        }
    }

    /** A halt may end early without an interrupt, when the signal of an earlier one arrives late. */
    private static boolean haltUntilInterrupted(VirtualCpu cpu) {
        long start = System.nanoTime();
        boolean interrupted = false;
        while (!interrupted && System.nanoTime() - start < LONG_NS) {
            interrupted = cpu.halt(LONG_NS);
        }
        return interrupted;
    }
}
