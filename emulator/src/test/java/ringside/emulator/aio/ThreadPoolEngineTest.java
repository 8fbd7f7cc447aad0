package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.ffi.LibC;

class ThreadPoolEngineTest {
    @TempDir
    Path folder;

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("test-loop/aio-worker-"))
                .count();
    }

    @Test
    void workers_areNamedGrowOnDemandUpTo64AndLeaveAtClose() {
        try (EngineFixture f = new EngineFixture(AioKind.THREADS, folder.resolve("image"))) {
            MemorySegment buffer = f.buffer(512);
            f.run(f.op(AioOpcode.WRITE, buffer, 0));
            long first = workers();
            f.run(f.op(AioOpcode.READ, buffer, 0));
            assertThat(workers()).as("an idle worker is used again").isEqualTo(first);
            for (int i = 0; i < 1000; i++) {
                f.engine.submit(f.op(AioOpcode.WRITE, buffer, i * 512L));
            }
            f.engine.commit();
            f.loop.blockUntil(() -> f.engine.inFlight() == 0);
            assertThat(workers()).isBetween(2L, (long) WorkerPool.MAX_WORKERS);
        }
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (workers() > 0 && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait(); // close waited for their last operation, not for the end of the threads
        }
        assertThat(workers()).isZero();
    }

    @Test
    void loopThatPolls_isNotSignalled() {
        try (EngineFixture f = new EngineFixture(AioKind.THREADS, folder.resolve("image"))) {
            f.engine.submit(f.op(AioOpcode.WRITE, f.buffer(512), 0));
            f.engine.commit();
            f.loop.pollUntil(() -> f.completed == 1);
            assertThat(LibC.waitReadable(f.engine.pollFd(), 20_000_000)).isZero();
        }
    }

    @Test
    void loopThatAnnouncedToBlock_isSignalled() {
        try (EngineFixture f = new EngineFixture(AioKind.THREADS, folder.resolve("image"))) {
            f.engine.submit(f.op(AioOpcode.WRITE, f.buffer(512), 0));
            f.engine.prepareToBlock();
            f.engine.commit();
            assertThat(LibC.waitReadable(f.engine.pollFd(), 20_000_000_000L)).isEqualTo(1);
            f.engine.acknowledge();
            f.loop.pollUntil(() -> f.completed == 1);
        }
    }
}
