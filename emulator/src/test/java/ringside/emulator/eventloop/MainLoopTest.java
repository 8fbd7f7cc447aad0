package ringside.emulator.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.trace.CounterId;

/** What makes the main loop different: the big lock around everything but the wait. */
@Timeout(60)
class MainLoopTest {
    private final BigLock lock = new BigLock(true);
    private final MainLoop loop = new MainLoop(lock, true);
    private final FdTask task = new FdTask();

    @AfterEach
    void close() {
        loop.close();
        task.close();
        lock.close();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private void underLock(Runnable body) {
        lock.lock();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void bottomHalf_runsUnderTheLockOnTheLoopsThread() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        boolean[] held = {false};
        Thread[] thread = {null};
        loop.start();

        underLock(() -> loop.schedule(new BottomHalf() {
            @Override
            public void run() {
                held[0] = lock.heldByCurrentThread();
                thread[0] = Thread.currentThread();
                ran.countDown();
            }
        }));
        loop.wake();

        await(ran);
        assertThat(held[0]).isTrue();
        assertThat(thread[0]).isSameAs(loop.thread());
    }

    /** Commands run last in a pass: what they leave behind must be seen before the loop blocks. */
    @Test
    void bottomHalfScheduledByACommand_runsBeforeTheLoopBlocks() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        loop.start();

        loop.invoke(() -> loop.schedule(new BottomHalf() {
            @Override
            public void run() {
                ran.countDown();
            }
        }));

        await(ran);
    }

    @Test
    void wakeDuringACommand_bringsAnotherPass() throws InterruptedException {
        loop.attach(task);
        loop.start();
        await(task.armed);
        int[] passes = {0};

        loop.invoke(() -> {
            passes[0] = task.passes;
            loop.wake();
        });

        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (task.passes == passes[0] && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
        }
        assertThat(task.passes).isGreaterThan(passes[0]);
    }

    @Test
    void blockedLoop_doesNotHoldTheLock() throws InterruptedException {
        loop.attach(task);
        loop.start();
        await(task.armed);

        underLock(() -> assertThat(lock.heldByCurrentThread()).isTrue());
    }

    @Test
    void loop_waitsForTheLockBeforeItDispatches() throws InterruptedException {
        loop.attach(task);
        loop.start();
        await(task.armed);
        int[] passes = {0, 0};

        underLock(() -> {
            passes[0] = task.passes;
            task.notifier.signal();
            pause();
            passes[1] = task.passes;
        });

        assertThat(passes[1]).isEqualTo(passes[0]);
        await(task.acknowledged);
    }

    /** Gives a loop that disregards the lock the time to be caught; a correct one passes however long this takes. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void taskAttachedByAnotherThreadUnderTheLock_isWaitedFor() throws InterruptedException {
        loop.start();
        underLock(() -> loop.attach(task));
        await(task.armed);

        task.notifier.signal();

        await(task.acknowledged);
    }

    @Test
    void mainLoop_neverBusyPolls() {
        loop.start();
        for (int i = 0; i < 100; i++) {
            loop.invoke(() -> {});
        }

        assertThat(loop.counters().value(CounterId.POLL_HITS)).isZero();
        assertThat(loop.counters().value(CounterId.POLL_MISSES)).isZero();
    }

    @Test
    void close_endsTheThreadAndGivesUpTheLock() {
        MainLoop closed = new MainLoop(lock, true);
        closed.start();
        closed.invoke(() -> {});

        closed.close();

        assertThat(closed.thread().isAlive()).isFalse();
        underLock(() -> assertThat(lock.heldByCurrentThread()).isTrue());
    }
}
