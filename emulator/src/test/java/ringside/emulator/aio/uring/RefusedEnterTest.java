package ringside.emulator.aio.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.aio.AioCounters;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.aio.TestLoop;
import ringside.emulator.aio.UringOptions;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.ffi.LibC;

/** io_uring_enter that takes nothing for the moment: the operations wait and the loop is told to come back. */
class RefusedEnterTest {
    private static final int BYTES = 512;

    @TempDir
    Path folder;

    private final Arena arena = Arena.ofShared();
    private final TestLoop loop = new TestLoop();
    private IoUringEngine engine;
    private int fd;
    private int refusal;
    private int takesAtOnce = Integer.MAX_VALUE;
    private int completed;

    @BeforeEach
    void open() {
        assumeTrue(HostProbe.ioUring().ok(), () -> "io_uring: " + HostProbe.ioUring());
        fd = LibC.open(folder.resolve("image").toString(), LibC.O_RDWR | LibC.O_CREAT, 0600);
        engine = new IoUringEngine(loop, new AioCounters(loop.counters(), true), UringOptions.DEFAULT, this::enter);
        loop.attach(engine);
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
            LibC.close(fd);
        }
        arena.close();
    }

    private int enter(int ringFd, int toSubmit) {
        return refusal != 0 ? -refusal : LibC.ioUringEnter(ringFd, Math.min(toSubmit, takesAtOnce), 0, 0);
    }

    private void submit(int operations) {
        long buffer = arena.allocate(BYTES, BYTES).address();
        for (int i = 0; i < operations; i++) {
            AioOp op = new AioOp(ended -> {
                assertThat(ended.result).isEqualTo(BYTES);
                completed++;
            });
            op.opcode = AioOpcode.WRITE;
            op.fd = fd;
            op.address = buffer;
            op.lengthBytes = BYTES;
            op.offsetBytes = (long) i * BYTES;
            engine.submit(op);
        }
        engine.commit();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.EBUSY})
    void refusedBatch_wakesTheLoopAndIsHandedOverLater(int errno) {
        refusal = errno;
        submit(3);
        assertThat(loop.wakes()).as("a sleeping loop would never look again").isPositive();
        assertThat(engine.prepareToBlock()).isTrue();
        loop.pass();
        assertThat(completed).isZero();
        refusal = 0;
        loop.pollUntil(() -> completed == 3);
        assertThat(engine.inFlight()).isZero();
        assertThat(engine.prepareToBlock()).isFalse();
    }

    @Test
    void refusalWithAFullRing_losesNothing() {
        refusal = Errno.EAGAIN;
        submit(2000);
        assertThat(loop.wakes()).isPositive();
        refusal = 0;
        loop.pollUntil(() -> completed == 2000);
        assertThat(LibC.size(fd)).isEqualTo(2000L * BYTES);
    }

    @Test
    void kernelThatTakesABatchInParts_getsAllOfItAtOnce() {
        takesAtOnce = 7;
        submit(100);
        assertThat(loop.wakes()).as("nothing was left over").isZero();
        loop.blockUntil(() -> completed == 100);
    }

    @Test
    void acceptedBatch_doesNotWakeTheLoop() {
        submit(100);
        assertThat(loop.wakes()).isZero();
        loop.blockUntil(() -> completed == 100);
    }

    @Test
    void otherErrors_areReported() {
        refusal = Errno.EBADF;
        assertThatThrownBy(() -> submit(1))
                .hasMessageContaining("io_uring_enter")
                .hasMessageContaining("EBADF");
    }
}
