package ringside.emulator.vhostuser.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    void notificationOfAnyQueue_endsTheWaitAndIsTaken() {
        CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0, 1));
        LibC.eventfdSignal(callFd(1));

        assertThat(waiter.await(LONG_NS)).isTrue();

        assertThat(LibC.waitReadable(callFd(1), 0)).isZero();
    }

    @Test
    void notificationOfAnotherThreadsQueue_isLeftAlone() {
        CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0));
        LibC.eventfdSignal(callFd(1));

        assertThat(waiter.await(1_000_000)).as("on time-out").isTrue();

        assertThat(LibC.waitReadable(callFd(1), 0)).isEqualTo(1);
    }

    @Test
    void hangUp_endsTheWait() {
        CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0, 1));
        fixture.server.hangUp();

        assertThat(waiter.await(LONG_NS)).isFalse();
        assertThat(fixture.frontEnd.isLost()).isTrue();
    }

    @Test
    void waiting_allocatesNothing() {
        CallWaiter waiter = fixture.frontEnd.callWaiter(List.of(0));
        int call = callFd(0);

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
