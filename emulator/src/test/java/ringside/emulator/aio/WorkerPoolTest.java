package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
    private static final long FOR_EVER_NS = Long.MAX_VALUE;
    private static final long STALL_SECONDS = 20;

    private final Semaphore finished = new Semaphore(0);

    /** Ends at once with EBADF; what the operation does is not of interest here. */
    private static AioOp op() {
        AioOp op = new AioOp(_ -> {});
        op.opcode = AioOpcode.FDATASYNC;
        op.fd = -1;
        op.begin();
        return op;
    }

    private static void run(WorkerPool pool, int operations) {
        for (int i = 0; i < operations; i++) {
            pool.enqueue(op());
        }
        pool.start();
    }

    private void awaitFinished(int operations) throws InterruptedException {
        assertThat(finished.tryAcquire(operations, STALL_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    private static void awaitWorkers(WorkerPool pool, int count) throws InterruptedException {
        long start = System.nanoTime();
        while (pool.workers() != count) {
            assertThat(System.nanoTime() - start).as("time to leave").isLessThan(STALL_SECONDS * 1_000_000_000L);
            Thread.sleep(1);
        }
    }

    @Test
    void idleWorkers_leaveAndLaterWorkFindsNewOnes() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool("test", _ -> finished.release(), 1_000_000)) {
            for (int round = 0; round < 5; round++) {
                run(pool, 20);
                awaitFinished(20);
                awaitWorkers(pool, 0);
            }
        }
    }

    @Test
    void workersThatAreJustLeaving_loseNoOperation() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool("test", _ -> finished.release(), 20_000)) {
            for (int round = 0; round < 2000; round++) {
                run(pool, 1 + round % 3);
                awaitFinished(1 + round % 3);
            }
        }
    }

    @Test
    void workersThatMayStay_stay() throws InterruptedException {
        WorkerPool pool = new WorkerPool("test", _ -> finished.release(), FOR_EVER_NS);
        run(pool, 3);
        awaitFinished(3);
        int made = pool.workers();
        assertThat(made).isBetween(1, 3);
        run(pool, 1);
        awaitFinished(1);
        assertThat(pool.workers()).isBetween(made, 4);
        pool.close();
        assertThat(pool.workers()).isZero();
    }

    @Test
    void moreOperationsThanWorkersAllowed_waitForAFreeWorker() throws InterruptedException {
        Semaphore gate = new Semaphore(0);
        AtomicInteger inside = new AtomicInteger();
        try (WorkerPool pool = new WorkerPool(
                "test",
                _ -> {
                    inside.incrementAndGet();
                    gate.acquireUninterruptibly();
                    finished.release();
                },
                FOR_EVER_NS)) {
            run(pool, 200);
            long start = System.nanoTime();
            while (inside.get() < WorkerPool.MAX_WORKERS) {
                assertThat(System.nanoTime() - start).isLessThan(STALL_SECONDS * 1_000_000_000L);
                Thread.sleep(1);
            }
            assertThat(pool.workers()).isEqualTo(WorkerPool.MAX_WORKERS);
            gate.release(200);
            awaitFinished(200);
            assertThat(inside).hasValue(200);
        }
    }

    @Test
    void closeWithoutAnyWork_returns() {
        new WorkerPool("test", _ -> {}, FOR_EVER_NS).close();
    }
}
