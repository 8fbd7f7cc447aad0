package ringside.emulator.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BigLockTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20_000;

    private final BigLock lock = new BigLock(true);
    /** Plain on purpose: only the lock makes the additions of several threads add up. */
    private long counter;

    @AfterEach
    void close() {
        lock.close();
    }

    private static void inParallel(int threads, Runnable body) throws InterruptedException {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            started.add(Thread.ofPlatform().daemon().start(body));
        }
        for (Thread thread : started) {
            thread.join();
        }
    }

    private void addMany() {
        for (int i = 0; i < ROUNDS; i++) {
            lock.lock();
            counter++;
            lock.unlock();
        }
    }

    @Test
    void contendingThreads_excludeEachOther() throws InterruptedException {
        inParallel(THREADS, this::addMany);

        assertThat(counter).isEqualTo((long) THREADS * ROUNDS);
    }

    @Test
    void everyAcquisition_isInBothHistograms() throws InterruptedException {
        inParallel(THREADS, this::addMany);

        long taken = (long) THREADS * ROUNDS;
        // Reading takes the lock, too: its own wait is in the copy, its own hold is not yet.
        assertThat(lock.waitNs().count()).isEqualTo(taken + 1);
        assertThat(lock.holdNs().count()).isEqualTo(taken + 1);
    }

    @Test
    void uncontendedAcquisition_countsAsNoWait() {
        lock.lock();
        lock.unlock();

        assertThat(lock.waitNs().max()).isZero();
    }

    /** Whether the other thread really had to wait is up to the scheduler, so this is repeated until it had. */
    @Test
    void contendedAcquisition_countsItsWait() throws InterruptedException {
        do {
            CountDownLatch begun = new CountDownLatch(1);
            lock.lock();
            Thread waiter = Thread.ofPlatform().daemon().start(() -> {
                begun.countDown();
                lock.lock();
                lock.unlock();
            });
            begun.await();
            TimeUnit.MILLISECONDS.sleep(1);
            lock.unlock();
            waiter.join();
        } while (lock.waitNs().max() == 0);

        assertThat(lock.waitNs().sum()).isPositive();
    }

    @Test
    void allWaiters_getTheLockInTheEnd() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(THREADS);
        CountDownLatch done = new CountDownLatch(THREADS);
        lock.lock();
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().daemon().start(() -> {
                begun.countDown();
                lock.lock();
                lock.unlock();
                done.countDown();
            });
        }
        begun.await();
        lock.unlock();

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void owner_isKnownWhileTheLockIsHeld() throws InterruptedException {
        boolean[] heldByOther = {true};
        lock.lock();
        inParallel(1, () -> heldByOther[0] = lock.heldByCurrentThread());

        assertThat(lock.heldByCurrentThread()).isTrue();
        assertThat(heldByOther[0]).isFalse();
        lock.unlock();
        assertThat(lock.heldByCurrentThread()).isFalse();
    }

    @Test
    void unlockWithoutLock_isRefused() {
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void unlockByAnotherThread_isRefusedAndTheLockStaysHeld() throws InterruptedException {
        Throwable[] thrown = {null};
        lock.lock();
        inParallel(1, () -> {
            try {
                lock.unlock();
            } catch (IllegalMonitorStateException e) {
                thrown[0] = e;
            }
        });

        assertThat(thrown[0]).isNotNull();
        assertThat(lock.heldByCurrentThread()).isTrue();
        lock.unlock();
    }

    @Test
    void withoutInstrumentation_nothingIsRecorded() {
        try (BigLock plain = new BigLock(false)) {
            plain.lock();
            plain.unlock();

            assertThat(plain.waitNs().count()).isZero();
            assertThat(plain.holdNs().count()).isZero();
        }
    }
}
