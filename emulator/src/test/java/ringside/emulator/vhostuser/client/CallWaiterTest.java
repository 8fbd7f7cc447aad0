package ringside.emulator.vhostuser.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.AllocatedBytes;
import ringside.emulator.ffi.LibC;

/** What ends a wait for used-buffer notifications. */
@Timeout(30)
class CallWaiterTest {
    private static final long LONG_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int ROUNDS = 200_000;

    @TempDir
    Path folder;

    private FrontEndFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FrontEndFixture(folder).started();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** The server's descriptor for the used-buffer notifications of a queue: call comes before kick, queue by queue. */
    private int callFd(int queue) {
        List<Integer> fds = fixture.server.receivedFds();
        return fds.get(fds.size() - 4 + 2 * queue);
    }

    @Test
    void notificationOfAnyQueue_endsOneWait() {
        try (CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0, 1))) {
            LibC.eventfdSignal(callFd(1));

            assertThat(waiter.await(LONG_NS)).isTrue();
            assertThat(waiter.await(0)).isFalse();
        }
    }

    @Test
    void laterNotification_endsTheNextWait() {
        try (CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0, 1))) {
            LibC.eventfdSignal(callFd(0));
            LibC.eventfdSignal(callFd(1));
            assertThat(waiter.await(LONG_NS)).isTrue();
            assertThat(waiter.await(0)).as("both were taken").isFalse();

            LibC.eventfdSignal(callFd(0));

            assertThat(waiter.await(LONG_NS)).isTrue();
        }
    }

    @Test
    void notificationBeforeTheFirstWait_isNotLost() {
        LibC.eventfdSignal(callFd(0));

        try (CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0))) {
            assertThat(waiter.await(LONG_NS)).isTrue();
        }
    }

    @Test
    void notificationDuringTheWait_endsIt() {
        int call = callFd(0);
        try (CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0))) {
            Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(5_000_000);
                LibC.eventfdSignal(call);
            });

            assertThat(waiter.await(LONG_NS)).isTrue();
        }
    }

    @Test
    void notificationOfAnotherThreadsQueue_isLeftAlone() {
        try (CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0));
                CallWaiter other = fixture.frontEnd.callWaiter(List.of(1))) {
            LibC.eventfdSignal(callFd(1));

            assertThat(waiter.await(1_000_000)).isFalse();
            assertThat(other.await(LONG_NS)).isTrue();
        }
    }

    @Test
    void waiting_allocatesNothing() {
        int call = callFd(0);
        try (CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0))) {
            long allocated = AllocatedBytes.inSteadyState(
                    () -> {
                        for (int i = 0; i < ROUNDS; i++) {
                            LibC.eventfdSignal(call);
                            waiter.await(0);
                        }
                        return ROUNDS;
                    },
                    ROUNDS);

            assertThat(allocated).isZero();
        }
    }
}
