package ringside.emulator.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.trace.CounterId;

/** What main loop and IOThread share, on an IOThread that does not poll unless a test says so. */
@Timeout(60)
class EventLoopTest {
    private static final long POLL_MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    private final IoThread loop = new IoThread("iothread0", true, 0, 0, 0);
    private final FdTask task = new FdTask();

    @AfterEach
    void close() {
        loop.close();
        task.close();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** A task without a descriptor that has work when told, and looks for it whenever the loop lets it. */
    private static class FlagTask implements LoopTask {
        final CountDownLatch done = new CountDownLatch(1);
        final CountDownLatch armed = new CountDownLatch(1);
        volatile boolean work;

        @Override
        public String roleName() {
            return "flag";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        public int doWork() {
            if (!work) {
                return 0;
            }
            work = false;
            done.countDown();
            return 1;
        }

        @Override
        public boolean prepareToBlock() {
            armed.countDown();
            return work;
        }
    }

    /** Work becomes due at a time and is not announced in any other way. */
    private static final class TimerTask extends FlagTask {
        private long dueNs;

        /** Counts from here, so that the loop has to block however long its thread took to start. */
        @Override
        public boolean prepareToBlock() {
            if (dueNs == 0) {
                dueNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
            }
            return super.prepareToBlock();
        }

        @Override
        public int doWork() {
            if (dueNs == 0 || done.getCount() == 0 || System.nanoTime() - dueNs < 0) {
                return 0;
            }
            done.countDown();
            return 1;
        }

        @Override
        public long deadlineNs() {
            return done.getCount() == 0 ? Long.MAX_VALUE : dueNs;
        }
    }

    private static BottomHalf bottomHalf(Runnable body) {
        return new BottomHalf() {
            @Override
            public void run() {
                body.run();
            }
        };
    }

    /** Returns after all bottom halves scheduled before have run: they run in order. */
    private void settle() throws InterruptedException {
        CountDownLatch last = new CountDownLatch(1);
        loop.invoke(() -> loop.schedule(bottomHalf(last::countDown)));
        await(last);
    }

    @Test
    void readableDescriptor_isAcknowledgedAndFollowedByAPass() throws InterruptedException {
        loop.attach(task);
        loop.start();
        await(task.armed);
        int before = task.passes;

        task.notifier.signal();
        await(task.acknowledged);
        settle();

        assertThat(task.passes).isGreaterThan(before);
    }

    @Test
    void descriptorThatIsNotReadable_isNotAcknowledged() throws InterruptedException {
        try (FdTask silent = new FdTask()) {
            loop.attach(silent);
            loop.attach(task);
            loop.start();
            await(silent.armed);
            task.notifier.signal();
            await(task.acknowledged);
            loop.invoke(() -> loop.detach(silent));

            assertThat(silent.acknowledged.getCount()).isEqualTo(1);
        }
    }

    @Test
    void wake_makesABlockedLoopLookAgain() throws InterruptedException {
        FlagTask flag = new FlagTask();
        loop.attach(flag);
        loop.start();
        await(flag.armed);

        flag.work = true;
        loop.wake();

        await(flag.done);
    }

    /** The task that the wake is for had its turn in this pass already. */
    @Test
    void wakeInTheMiddleOfAPass_bringsAnotherPass() throws InterruptedException {
        FlagTask early = new FlagTask() {
            @Override
            public boolean prepareToBlock() {
                return false; // so that only the wake tells
            }
        };
        loop.attach(early);
        loop.attach(new FlagTask() {
            @Override
            public int doWork() {
                if (done.getCount() > 0) {
                    done.countDown();
                    early.work = true;
                    loop.wake();
                }
                return 0;
            }
        });
        loop.start();

        await(early.done);
    }

    /** Raced many times: a wake that falls between the last pass and the block must not be lost. */
    @Test
    void wake_isNeverLost() {
        int rounds = 5_000;
        AtomicInteger wanted = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        loop.attach(new FlagTask() {
            @Override
            public int doWork() {
                int now = wanted.get();
                return seen.getAndSet(now) == now ? 0 : 1;
            }

            @Override
            public boolean prepareToBlock() {
                return false; // so that only the wake tells
            }
        });
        loop.start();

        int lost = 0;
        for (int i = 1; i <= rounds && lost == 0; i++) {
            wanted.set(i);
            loop.wake();
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (seen.get() != i && lost == 0) {
                Thread.yield();
                lost = System.nanoTime() < deadlineNs ? 0 : i;
            }
        }

        assertThat(lost).as("the round whose wake was lost").isZero();
    }

    @Test
    void workFoundWhileArming_keepsTheLoopFromBlocking() throws InterruptedException {
        FlagTask late = new FlagTask() {
            @Override
            public boolean prepareToBlock() {
                work = done.getCount() == 1; // arrives exactly now, and nobody wakes the loop for it
                return work;
            }
        };
        loop.attach(late);
        loop.start();

        await(late.done);
    }

    @Test
    void deadline_endsTheBlock() throws InterruptedException {
        TimerTask timer = new TimerTask();
        loop.attach(timer);
        loop.start();

        await(timer.done);

        assertThat(loop.counters().value(CounterId.LOOP_BLOCKS)).isPositive();
    }

    @Test
    void invoke_runsOnTheLoopsThread() {
        loop.start();
        AtomicReference<Thread> ran = new AtomicReference<>();

        loop.invoke(() -> ran.set(Thread.currentThread()));

        assertThat(ran.get()).isSameAs(loop.thread());
    }

    @Test
    void invokeBeforeStart_runsAtOnce() {
        AtomicReference<Thread> ran = new AtomicReference<>();

        loop.invoke(() -> ran.set(Thread.currentThread()));

        assertThat(ran.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void failingCommand_isReportedAndTheLoopLivesOn() {
        loop.start();

        assertThatThrownBy(() -> loop.invoke(() -> {
                    throw new IllegalArgumentException("no such queue");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("iothread0")
                .hasRootCauseMessage("no such queue");
        boolean[] alive = {false};
        loop.invoke(() -> alive[0] = true);
        assertThat(alive[0]).isTrue();
    }

    @Test
    void bottomHalfScheduledTwice_runsOnce() throws InterruptedException {
        List<Thread> runs = new ArrayList<>();
        BottomHalf bottomHalf = bottomHalf(() -> runs.add(Thread.currentThread()));
        loop.start();

        loop.invoke(() -> {
            loop.schedule(bottomHalf);
            loop.schedule(bottomHalf);
        });
        settle();

        assertThat(runs).containsExactly(loop.thread());
    }

    @Test
    void bottomHalves_runInTheOrderTheyWereScheduled() throws InterruptedException {
        List<String> runs = new ArrayList<>();
        loop.start();

        loop.invoke(() -> {
            loop.schedule(bottomHalf(() -> runs.add("first")));
            loop.schedule(bottomHalf(() -> runs.add("second")));
        });
        settle();

        assertThat(runs).containsExactly("first", "second");
    }

    @Test
    void bottomHalfThatSchedulesItself_doesNotStarveTasks() throws InterruptedException {
        loop.attach(task);
        CountDownLatch rounds = new CountDownLatch(3);
        BottomHalf[] again = {null};
        List<Integer> passes = new ArrayList<>();
        again[0] = bottomHalf(() -> {
            passes.add(task.passes);
            rounds.countDown();
            if (rounds.getCount() > 0) {
                loop.schedule(again[0]);
            }
        });
        loop.start();

        loop.invoke(() -> loop.schedule(again[0]));
        await(rounds);

        assertThat(passes).hasSize(3).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void taskAttachedLater_isWaitedFor() throws InterruptedException {
        loop.start();
        loop.invoke(() -> loop.attach(task));
        await(task.armed);

        task.notifier.signal();

        await(task.acknowledged);
    }

    @Test
    void detachedTask_isLeftAlone() throws InterruptedException {
        loop.attach(task);
        loop.start();
        loop.invoke(() -> loop.detach(task));
        settle(); // the pass that detached it has ended
        int before = task.passes;

        settle();

        assertThat(task.passes).isEqualTo(before);
    }

    @Test
    void close_endsTheThreadEvenWhileItPolls() throws InterruptedException {
        IoThread polling = new IoThread("polling", true, POLL_MINUTE_NS, 1_000_000, 0);
        polling.start();
        polling.invoke(() -> {});
        polling.invoke(() -> {});

        polling.close();

        assertThat(polling.thread().isAlive()).isFalse();
    }

    @Test
    void ioThreadWithPolling_pollsBeforeItBlocks() {
        try (IoThread polling = new IoThread("polling", true, POLL_MINUTE_NS, 0, 0)) {
            polling.start();
            long phases = 0;
            while (phases == 0) {
                polling.invoke(() -> {});
                phases = polling.counters().value(CounterId.POLL_HITS)
                        + polling.counters().value(CounterId.POLL_MISSES);
            }

            assertThat(phases).isPositive();
        }
    }

    @Test
    void ioThreadWithoutPolling_neverPolls() {
        loop.start();
        for (int i = 0; i < 100; i++) {
            loop.invoke(() -> {});
        }

        assertThat(loop.counters().value(CounterId.POLL_HITS)).isZero();
        assertThat(loop.counters().value(CounterId.POLL_MISSES)).isZero();
    }
}
