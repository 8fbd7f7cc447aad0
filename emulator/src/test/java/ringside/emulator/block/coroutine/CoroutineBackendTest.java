package ringside.emulator.block.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.AllocatedBytes;
import ringside.emulator.aio.TestLoop;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.ffi.Errno;

/** Requests served by coroutines, on the loop's thread where the JVM can do that, and on the JDK's pool. */
@Timeout(60)
class CoroutineBackendTest {
    private static final int STEPS = 3;

    /** Where coroutines run. */
    enum Carriers {
        LOOP,
        POOL
    }

    private final TestLoop loop = new TestLoop();
    private final Child child = new Child();
    private volatile boolean plain;
    private final List<Thread> completions = new ArrayList<>();
    private CoroutineBackend backend;
    private int finished;

    @AfterEach
    void close() {
        if (backend != null) {
            backend.close();
        }
        assertThat(child.onVirtualThread).as("an engine saw a virtual thread").isFalse();
    }

    /** Ends requests at once or when it is polled. */
    private static final class Child implements BlockBackend, LoopTask {
        final ArrayDeque<BlockRequest> held = new ArrayDeque<>();
        boolean holds;
        int error;
        int commits;
        int submitted;
        boolean onVirtualThread;

        @Override
        public void submit(BlockRequest request) {
            submitted++;
            onVirtualThread |= Thread.currentThread().isVirtual();
            if (holds) {
                held.add(request);
            } else {
                request.completion.completed(request, error);
            }
        }

        @Override
        public void commit() {
            commits++;
        }

        @Override
        public String roleName() {
            return "child";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        public int doWork() {
            int work = 0;
            for (int left = held.size(); left > 0; left--) {
                BlockRequest request = held.poll();
                request.completion.completed(request, error);
                work++;
            }
            return work;
        }

        @Override
        public boolean prepareToBlock() {
            return !held.isEmpty();
        }

        @Override
        public void close() {
            // nothing is held open
        }
    }

    /** Three requests of the child, one after the other. */
    private int steps(BlockRequest request, Coroutine self) {
        plain |= !Thread.currentThread().isVirtual();
        BlockRequest mine = childOf(self);
        for (int i = 0; i < STEPS; i++) {
            mine.offsetBytes = i;
            int error = self.submit(child, mine);
            if (error != 0) {
                return error;
            }
        }
        return 0;
    }

    private static BlockRequest childOf(Coroutine self) {
        if (self.state == null) {
            self.state = new BlockRequest(self::completed);
        }
        return (BlockRequest) self.state;
    }

    private void open(Carriers carriers, RequestBody body) {
        assumeTrue(
                carriers == Carriers.POOL || VirtualThreads.schedulable(),
                "this JVM runs without " + VirtualThreads.FLAG);
        backend = new CoroutineBackend("test", body, List.of(child), loop, carriers == Carriers.LOOP);
        loop.attach(child);
    }

    private BlockRequest request(int[] outcome) {
        BlockRequest request = new BlockRequest((_, error) -> {
            outcome[0] = error;
            completions.add(Thread.currentThread());
            finished++;
        });
        request.op = BlockOp.READ;
        return request;
    }

    @ParameterizedTest
    @EnumSource
    void request_takesAllItsStepsAndEndsOnTheLoop(Carriers carriers) {
        open(carriers, this::steps);
        int[] outcome = {-1};

        for (boolean holds : new boolean[] {false, true}) {
            child.holds = holds;
            int before = finished;
            backend.submit(request(outcome));
            backend.commit();
            loop.pollUntil(() -> finished == before + 1);
        }

        assertThat(outcome[0]).isZero();
        assertThat(child.submitted).isEqualTo(2 * STEPS);
        assertThat(completions).containsOnly(Thread.currentThread());
        assertThat(plain).as("a body ran on a plain thread").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void manyRequests_areInFlightTogether(Carriers carriers) {
        open(carriers, this::steps);
        child.holds = true;
        int[] outcome = {-1};
        int depth = 64;

        for (int i = 0; i < depth; i++) {
            backend.submit(request(outcome));
        }
        backend.commit();
        loop.pollUntil(() -> finished == depth);

        assertThat(child.submitted).isEqualTo(depth * STEPS);
    }

    @ParameterizedTest
    @EnumSource
    void errorOfTheChild_endsTheRequest(Carriers carriers) {
        open(carriers, this::steps);
        child.error = Errno.ENOSPC;
        int[] outcome = {-1};

        backend.submit(request(outcome));
        loop.pollUntil(() -> finished == 1);

        assertThat(outcome[0]).isEqualTo(Errno.ENOSPC);
        assertThat(child.submitted).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void coroutineThatWaits_goesOnWhenAnyThreadResumesIt(Carriers carriers) throws InterruptedException {
        List<Coroutine> waiting = new ArrayList<>();
        open(carriers, (_, self) -> {
            synchronized (waiting) {
                waiting.add(self);
            }
            self.await();
            return 0;
        });
        int[] outcome = {-1};
        backend.submit(request(outcome));
        loop.pollUntil(() -> {
            synchronized (waiting) {
                return !waiting.isEmpty();
            }
        });
        assertThat(outcome[0]).isEqualTo(-1);

        Thread other = Thread.ofPlatform().start(() -> waiting.getFirst().resume());
        other.join();
        loop.pollUntil(() -> finished == 1);

        assertThat(outcome[0]).isZero();
    }

    /** Between handing over its work and waiting for it, a coroutine may have to wait for a lock. */
    @ParameterizedTest
    @EnumSource
    void coroutineResumedBeforeItWaits_goesOnOnceForEachTime(Carriers carriers) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            lock.lock();
            held.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        });
        held.await();
        open(carriers, (request, self) -> {
            self.resume();
            lock.lock();
            lock.unlock();
            self.await();
            return steps(request, self);
        });
        int[] outcome = {-1};

        backend.submit(request(outcome));
        for (int i = 0; i < 10; i++) {
            loop.pass();
        }
        release.countDown();
        holder.join();
        loop.pollUntil(() -> finished == 1);

        assertThat(outcome[0]).isZero();
        assertThat(child.submitted).isEqualTo(STEPS);
    }

    /** The loop goes on while a coroutine waits for a monitor that another thread holds. */
    @ParameterizedTest
    @EnumSource
    void contendedMonitor_doesNotStopTheLoop(Carriers carriers) throws InterruptedException {
        Object monitor = new Object();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        held.await();
        open(carriers, (_, _) -> {
            synchronized (monitor) {
                return 0;
            }
        });
        int[] outcome = {-1};

        backend.submit(request(outcome));
        loop.pass();
        assertThat(outcome[0]).isEqualTo(-1);
        release.countDown();
        holder.join();
        loop.pollUntil(() -> finished == 1);

        assertThat(outcome[0]).isZero();
    }

    @Test
    void failureOfTheBody_surfacesOnTheLoop() {
        open(Carriers.LOOP, (_, _) -> {
            throw new IllegalStateException("of the body");
        });

        assertThatThrownBy(() -> backend.submit(request(new int[1])))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of the body");
    }

    @Test
    void requestsOnTheLoop_allocateNothingOnceWarm() {
        open(Carriers.LOOP, this::steps);
        child.holds = true;
        int[] outcome = {-1};
        BlockRequest request = new BlockRequest((_, error) -> {
            outcome[0] = error;
            finished++;
        });
        int requests = 20_000;

        long bytes = AllocatedBytes.inSteadyState(
                () -> {
                    for (int i = 0; i < requests; i++) {
                        backend.submit(request);
                        while (child.doWork() > 0) {
                            backend.doWork();
                        }
                    }
                    return requests;
                },
                requests);

        assertThat(bytes).as("bytes of %d requests", requests).isLessThan(requests);
    }
}
