package ringside.emulator.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.ffi.LibC;

/** A task that fails is taken off its loop and told so; everybody else on that loop goes on. */
@Timeout(60)
class LoopFailureTest {
    private static final long PAGE = 4096;

    private final IoThread loop = new IoThread("iothread0", true, 0, 0, 0);
    private final Logger log = Logger.getLogger(EventLoop.class.getName());

    @BeforeEach
    void silence() {
        log.setLevel(Level.OFF); // these failures are no news
    }

    @AfterEach
    void close() {
        loop.close();
        log.setLevel(null);
    }

    /** Does what it is told in each phase, counts its passes, and keeps what it failed with. */
    private static final class Probe implements LoopTask {
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        final boolean foreign;
        IntSupplier work = () -> 0;
        IntSupplier arm = () -> 0;
        volatile Thread toldOn;
        volatile int passes;

        Probe(boolean foreign) {
            this.foreign = foreign;
        }

        @Override
        public String roleName() {
            return "probe";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        @SuppressWarnings("NonAtomicOperationOnVolatileField") // the loop is the only writer
        public int doWork() {
            passes++;
            return work.getAsInt();
        }

        @Override
        public boolean prepareToBlock() {
            return arm.getAsInt() != 0;
        }

        @Override
        public boolean touchesForeignMemory() {
            return foreign;
        }

        @Override
        public void failed(Throwable cause) {
            toldOn = Thread.currentThread();
            failure.complete(cause);
        }
    }

    private static int fail() {
        throw new IllegalArgumentException("expected by this test");
    }

    private Probe attached(boolean foreign) {
        Probe probe = new Probe(foreign);
        loop.attach(probe);
        return probe;
    }

    private static Throwable failureOf(Probe probe) throws Exception {
        return probe.failure.get(30, TimeUnit.SECONDS);
    }

    /** Whether the task still takes part in passes: a task behind it has seen two of them. */
    private boolean visited(Probe probe) {
        Probe marker = new Probe(false);
        int before = probe.passes;
        loop.invoke(() -> loop.attach(marker));
        while (marker.passes < 2) {
            loop.wake();
            Thread.yield();
        }
        loop.invoke(() -> loop.detach(marker));
        return probe.passes > before;
    }

    @Test
    void taskThatThrows_isDetachedAndToldOnTheLoop_whileOthersGoOn() throws Exception {
        Probe before = attached(false);
        Probe bad = attached(false);
        Probe behind = attached(false);
        bad.work = LoopFailureTest::fail;
        loop.start();

        assertThat(failureOf(bad)).hasMessage("expected by this test");

        assertThat(bad.toldOn).isSameAs(loop.thread());
        assertThat(visited(bad)).isFalse();
        assertThat(visited(before)).isTrue();
        assertThat(visited(behind)).isTrue();
    }

    @Test
    void taskThatThrowsWhileArming_isDetached() throws Exception {
        Probe bad = attached(false);
        bad.arm = LoopFailureTest::fail;
        loop.start();

        assertThat(failureOf(bad)).hasMessage("expected by this test");
        assertThat(visited(bad)).isFalse();
    }

    @Test
    void errorOfATask_isNoEndOfTheLoopEither() throws Exception {
        Probe bad = attached(false);
        bad.work = () -> {
            throw new AssertionError("expected by this test");
        };
        loop.start();

        assertThat(failureOf(bad)).isInstanceOf(AssertionError.class);
        assertThat(visited(bad)).isFalse();
    }

    @Test
    void taskThatThrowsWhenTold_doesNotEndTheLoop() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Probe other = attached(false);
        loop.attach(new LoopTask() {
            @Override
            public String roleName() {
                return "stubborn";
            }

            @Override
            public int pollFd() {
                return -1;
            }

            @Override
            public int doWork() {
                return fail();
            }

            @Override
            public boolean prepareToBlock() {
                return false;
            }

            @Override
            public void failed(Throwable cause) {
                told.complete(cause);
                fail();
            }
        });
        loop.start();

        assertThat(told.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(visited(other)).isTrue();
    }

    @Test
    void faultInATaskThatTouchesForeignMemory_isItsOwn() throws Exception {
        Probe innocent = attached(true);
        Probe bad = attached(true);
        bad.work = () -> {
            throw new InternalError("a fault");
        };
        loop.start();

        assertThat(failureOf(bad)).isInstanceOf(InternalError.class);
        assertThat(visited(innocent)).isTrue();
        assertThat(innocent.failure).isNotDone();
    }

    @Test
    void faultThatSurfacesInAnInnocentTask_isToldToThoseWithForeignMemory() throws Exception {
        Probe first = attached(true);
        Probe innocent = attached(false);
        Probe second = attached(true);
        innocent.work = () -> {
            if (second.failure.isDone()) {
                return 0;
            }
            throw new InternalError("a fault of another task");
        };
        loop.start();

        assertThat(failureOf(first)).isInstanceOf(InternalError.class);
        assertThat(failureOf(second)).isInstanceOf(InternalError.class);
        assertThat(visited(innocent)).isTrue();
        assertThat(innocent.failure).isNotDone();
    }

    @Test
    void faultThatSurfacesInACommand_isToldToTasksWithForeignMemoryAndToTheCaller() throws Exception {
        Probe foreign = attached(true);
        loop.start();

        assertThatThrownBy(() -> loop.invoke(() -> {
                    throw new InternalError("a fault of another task");
                }))
                .hasRootCauseInstanceOf(InternalError.class);

        assertThat(failureOf(foreign)).isInstanceOf(InternalError.class);
        assertThat(visited(foreign)).isFalse();
    }

    /** The real thing, often enough for compiled code: a peer cuts a shared file short under its mapping. */
    @Test
    void fileCutShortUnderAMapping_costsTheLoopOnlyTheTaskThatReadsIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            int fd = LibC.memfdCreate("shrinks", 0);
            LibC.ftruncate(fd, PAGE);
            long address = LibC.mmap(PAGE, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
            MemorySegment shared = MemorySegment.ofAddress(address).reinterpret(PAGE);
            Probe reader = new Probe(true);
            Probe other = new Probe(false);
            reader.work = () -> 1 + shared.get(ValueLayout.JAVA_BYTE, 0);
            loop.invoke(() -> loop.attach(reader));
            loop.invoke(() -> loop.attach(other));
            if (!loop.thread().isAlive()) {
                loop.start();
            }
            while (reader.passes < 200_000) {
                Thread.onSpinWait();
            }

            LibC.ftruncate(fd, 0);
            loop.wake();

            assertThat(failureOf(reader)).as("round " + round).isInstanceOf(InternalError.class);
            assertThat(other.failure).isNotDone();
            assertThat(visited(other)).isTrue();
            loop.invoke(() -> loop.detach(other));
            LibC.munmap(address, PAGE);
            LibC.close(fd);
        }
    }

    @Test
    void bottomHalvesBehindOneThatFails_stillRun() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        loop.start();

        loop.invoke(() -> {
            loop.schedule(new BottomHalf() {
                @Override
                public void run() {
                    fail();
                }
            });
            loop.schedule(new BottomHalf() {
                @Override
                public void run() {
                    ran.complete(Thread.currentThread());
                }
            });
        });

        assertThat(ran.get(30, TimeUnit.SECONDS)).isSameAs(loop.thread());
    }

    @Test
    void mainLoop_tellsUnderTheLock_andGoesOn() throws Exception {
        BigLock lock = new BigLock(true);
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        MainLoop mainLoop = new MainLoop(lock, true);
        mainLoop.schedule(new FailingTask(() -> held.complete(lock.heldByCurrentThread())));
        mainLoop.start();

        assertThat(held.get(30, TimeUnit.SECONDS)).isTrue();
        Thread[] ran = {null};
        mainLoop.invoke(() -> ran[0] = Thread.currentThread());
        assertThat(ran[0]).isSameAs(mainLoop.thread());
        mainLoop.close();
        lock.close();
    }

    /** A bottom half that is a task, too, as a queue is. */
    private static class FailingTask extends BottomHalf implements LoopTask {
        private final Runnable onFailure;

        FailingTask(Runnable onFailure) {
            this.onFailure = onFailure;
        }

        @Override
        public void run() {
            fail();
        }

        @Override
        public String roleName() {
            return "failing";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        public int doWork() {
            return 0;
        }

        @Override
        public boolean prepareToBlock() {
            return false;
        }

        @Override
        public void failed(Throwable cause) {
            onFailure.run();
        }
    }

    /** Nobody to blame but the loop itself, which cannot wait for its descriptors. */
    @Test
    void loopThatDied_saysWhyToWhoeverAsksIt() throws InterruptedException {
        loop.attach(new FailingTask(() -> {}) {
            @Override
            public int pollFd() {
                return fail();
            }
        });
        loop.start();
        loop.thread().join();
        boolean[] ran = {false};

        assertThatThrownBy(() -> loop.invoke(() -> ran[0] = true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("iothread0")
                .hasRootCauseMessage("expected by this test");
        assertThat(ran[0]).isFalse();
    }
}
