package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of LoopTask with a real ppoll: a completion that comes while the loop goes to sleep wakes it. */
class WakeUpTest {
    private static final int ROUNDS = 20_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void completionAroundTheMomentOfBlocking_isNeverLost(AioKind kind) {
        try (EngineFixture f = new EngineFixture(kind, folder.resolve("image"))) {
            MemorySegment buffer = f.buffer(512);
            AioOp op = f.op(AioOpcode.READ, buffer, 0);
            for (int round = 0; round < ROUNDS; round++) {
                // io_uring ends a cached read while it is submitted, and gives a sync to a thread of its own
                op.opcode = round % 8 == 0 ? AioOpcode.FDATASYNC : AioOpcode.READ;
                int before = f.completed;
                f.engine.submit(op);
                f.engine.commit();
                for (int i = 0; i < round % 400; i++) {
                    Thread.onSpinWait(); // shifts the moment of blocking across that of the completion
                }
                f.loop.blockUntil(() -> f.completed > before);
            }
            assertThat(f.completed).isEqualTo(ROUNDS);
            assertThat(f.engine.inFlight()).isZero();
        }
    }
}
