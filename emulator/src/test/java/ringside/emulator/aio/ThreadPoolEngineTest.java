package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.ffi.LibC;

class ThreadPoolEngineTest {
    @TempDir
    Path folder;

    private static Stream<Thread> workerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("test-loop/aio-worker-"));
    }

    private static long workers() {
        return workerThreads().count();
    }

    /** A worker reports its operation before it is idle again, and meanwhile another would be made. */
    private static void awaitIdle() {
        while (!workerThreads().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING)) {
            Thread.yield();
        }
    }

    @Test
    void workers_areNamedGrowOnDemandUpTo64AndLeaveAtClose() {
        try (EngineFixture f = new EngineFixture(AioKind.THREADS, folder.resolve("image"))) {
            MemorySegment buffer = f.buffer(512);
            f.run(f.op(AioOpcode.WRITE, buffer, 0));
            awaitIdle();
            f.run(f.op(AioOpcode.READ, buffer, 0));
            assertThat(workers()).as("an idle worker is used again").isEqualTo(1);
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
