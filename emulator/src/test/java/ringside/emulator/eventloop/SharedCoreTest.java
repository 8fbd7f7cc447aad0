package ringside.emulator.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.ffi.LibC;
import ringside.emulator.trace.CounterId;

/** More loops than cores, loops bound to a core, and what a polling loop leaves to its neighbours. */
@Timeout(120)
class SharedCoreTest {
    private static final long POLL_SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int ROUNDS = 200;

    /** Passes a token on to the next loop's task; it is announced by the eventfd only when that loop is armed. */
    private static final class Relay implements LoopTask, AutoCloseable {
        private final EventNotifier notifier = new EventNotifier();
        private final CountDownLatch rounds = new CountDownLatch(ROUNDS);
        private volatile boolean token;
        private volatile boolean armed;
        private Relay next;

        void give() {
            token = true;
            if (armed) {
                notifier.signal();
            }
        }

        @Override
        public String roleName() {
            return "relay";
        }

        @Override
        public int pollFd() {
            return notifier.fd();
        }

        @Override
        public void acknowledge() {
            notifier.clear();
        }

        @Override
        public int doWork() {
            armed = false;
            if (!token) {
                return 0;
            }
            token = false;
            rounds.countDown();
            next.give();
            return 1;
        }

        @Override
        public boolean prepareToBlock() {
            armed = true;
            return token;
        }

        @Override
        public void close() {
            notifier.close();
        }
    }

    private static int firstCpu() throws IOException {
        return Integer.parseInt(
                statusOf("/proc/thread-self/status", "Cpus_allowed_list").split("[-,]")[0]);
    }

    private static String statusOf(String file, String key) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.split("\\s+")[1])
                .findFirst()
                .orElseThrow();
    }

    private static IoThread loop(String name, long pollMaxNs, List<Integer> cpus) {
        IoThread loop = new IoThread(name, true, pollMaxNs, 0, 1);
        loop.bindTo(cpus);
        return loop;
    }

    /** A token goes round over all loops: none of them may be left out, whatever they do while they wait. */
    private static List<Long> relay(int loops, List<Integer> cpus) throws InterruptedException {
        List<IoThread> threads = new ArrayList<>();
        List<Relay> relays =
                IntStream.range(0, loops).mapToObj(_ -> new Relay()).toList();
        for (int i = 0; i < loops; i++) {
            relays.get(i).next = relays.get((i + 1) % loops);
            IoThread thread = loop("iothread" + i, POLL_SECOND_NS, cpus);
            thread.attach(relays.get(i));
            threads.add(thread);
        }
        try {
            threads.forEach(IoThread::start);
            relays.getFirst().give();
            for (Relay relay : relays) {
                assertThat(relay.rounds.await(60, TimeUnit.SECONDS)).isTrue();
            }
            return threads.stream()
                    .map(t -> t.counters().value(CounterId.POLL_SUSPENSIONS))
                    .toList();
        } finally {
            threads.forEach(IoThread::close);
            relays.forEach(Relay::close);
        }
    }

    @Test
    void moreLoopsThanCores_allMakeProgress() throws InterruptedException {
        relay(2 * Runtime.getRuntime().availableProcessors() + 1, List.of());
    }

    /** Each of them would poll for a second, and the token needs all of them on one core. */
    @Test
    void pollingLoopsOnOneCore_allMakeProgress() throws Exception {
        relay(4, List.of(firstCpu()));
    }

    /** Counts on one core while a loop polls there: stops when the loop has given the core up. */
    @Test
    void loopThatPollsBesideAComputeThread_givesWay() throws Exception {
        int cpu = firstCpu();
        try (IoThread polling = loop("polling", POLL_SECOND_NS, List.of(cpu));
                IoThread neighbour = loop("neighbour", 0, List.of(cpu))) {
            neighbour.attach(new Busy());
            neighbour.start();
            polling.start();
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (polling.counters().value(CounterId.POLL_SUSPENSIONS) == 0 && System.nanoTime() < deadlineNs) {
                polling.wake(); // work soon enough that polling seems to pay
                TimeUnit.MICROSECONDS.sleep(500);
            }

            assertThat(polling.counters().value(CounterId.POLL_SUSPENSIONS)).isPositive();
        }
    }

    /** Never without work. */
    private static final class Busy implements LoopTask {
        @Override
        public String roleName() {
            return "busy";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        public int doWork() {
            return 1;
        }

        @Override
        public boolean prepareToBlock() {
            return true;
        }
    }

    @Test
    void boundLoop_runsOnItsCpuOnly_underItsNameInProc() throws Exception {
        int cpu = firstCpu();
        try (IoThread bound = loop("iothread-with-a-long-name", 0, List.of(cpu))) {
            bound.start();
            int[] tid = {0};
            bound.invoke(() -> tid[0] = LibC.gettid());

            assertThat(statusOf("/proc/self/task/" + tid[0] + "/status", "Cpus_allowed_list"))
                    .isEqualTo(Integer.toString(cpu));
            assertThat(statusOf("/proc/self/task/" + tid[0] + "/status", "Name"))
                    .isEqualTo("iothread-with-a");
            assertThat(bound.cpus()).containsExactly(cpu);
        }
    }

    @Test
    void cpuThatIsNotThere_isRefusedAtTheStart() {
        for (int cpu : new int[] {8_000, 100_000, -1}) {
            try (IoThread loop = loop("iothread0", 0, List.of(cpu))) {
                assertThatThrownBy(loop::start)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(Integer.toString(cpu))
                        .hasMessageContaining("taskset");
            }
        }
    }
}
