package ringside.harness.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import ringside.emulator.eventloop.BigLock;
import ringside.harness.results.RunEvent;
import ringside.harness.results.Series;

class ObserverTest {
    private static final long PHASE_MS = 700;

    @Test
    void collectionInThePhase_isAnEventOfItsTimeAndThoseOutsideAreNot() throws InterruptedException {
        try (Observer observer = Observer.start(ObserveMode.JFR, false, _ -> {})) {
            System.gc();
            observer.begin();
            Thread.sleep(PHASE_MS / 2);
            System.gc();
            Thread.sleep(PHASE_MS / 2);
            observer.end();
            System.gc();

            Observed observed = observer.result();

            List<RunEvent> collections = kind(observed, "gc");
            assertThat(collections)
                    .filteredOn(event -> event.detail().contains("System.gc()"))
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(event.atNs()).isBetween(PHASE_MS * 500_000, observed.windowNs()))
                    .allSatisfy(event -> assertThat(event.durationNs()).isPositive());
            assertThat(kind(observed, "safepoint")).isNotEmpty();
            assertThat(observed.metrics().get("safepoint_count").value())
                    .isGreaterThanOrEqualTo(kind(observed, "safepoint").size());
            assertThat(observed.metrics().get("safepoint_longest").value()).isPositive();
        }
    }

    @Test
    void longWaitForTheBigLock_isAnEventThatBeganWithTheWait() throws InterruptedException {
        try (BigLock lock = new BigLock(true);
                Observer observer = Observer.start(ObserveMode.JFR, false, _ -> {})) {
            observer.begin();
            for (int i = 0; i < 2; i++) {
                lock.lock();
                Thread waiter = Thread.ofPlatform().name("waiter").start(() -> {
                    lock.lock();
                    lock.unlock();
                });
                Thread.sleep(60);
                lock.unlock();
                waiter.join();
            }
            observer.end();

            assertThat(kind(observer.result(), "lock_wait"))
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event.detail()).isEqualTo("waiter for the big lock"))
                    .allSatisfy(event -> assertThat(event.durationNs()).isGreaterThan(30_000_000))
                    .allSatisfy(event -> assertThat(event.atNs()).isGreaterThan(-1_000_000));
        }
    }

    @Test
    void busyThread_hasACpuSeriesOfWholeIntervals() throws InterruptedException {
        List<String> live = new CopyOnWriteArrayList<>();
        try (Observer observer = Observer.start(ObserveMode.HOST, false, live::add)) {
            Thread busy = Thread.ofPlatform().daemon().name("busy").start(() -> {
                while (!Thread.interrupted()) {
                    Thread.onSpinWait();
                }
            });
            observer.begin();
            Thread.sleep(PHASE_MS);
            observer.end();
            busy.interrupt();

            Observed observed = observer.result();

            Series cpu = observed.series().stream()
                    .filter(series -> series.name().equals("cpu.busy"))
                    .findFirst()
                    .orElseThrow();
            assertThat(cpu.values()).hasSize((int) (observed.windowNs() / cpu.intervalNs()));
            assertThat(cpu.values()).anyMatch(value -> value > 0.05).allMatch(value -> value <= 1.1);
            assertThat(observed.events()).isEmpty();
            assertThat(observed.metrics().get("observer_cpus").value()).isPositive();
            assertThat(observed.metrics()).doesNotContainKey("safepoint_count");
        }
        assertThat(live).isNotEmpty();
    }

    @Test
    void childProcess_countsAsOwn() throws Exception {
        OwnCpu own = new OwnCpu(true);
        Process child = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try {
            Thread.sleep(PHASE_MS / 2);
            assertThat(own.childrenNs()).isPositive();
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(own.childrenNs()).as("ended, seen before").isPositive();
    }

    @Test
    void switchedOff_seesNothing() {
        try (Observer observer = Observer.start(ObserveMode.OFF, false, _ -> {})) {
            observer.begin();
            observer.end();

            assertThat(observer.result()).isEqualTo(Observed.NOTHING);
        }
    }

    @Test
    void unknownMode_isRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> ObserveMode.of("all")).hasMessageContaining("use off or host or jfr");
    }

    private static List<RunEvent> kind(Observed observed, String kind) {
        return observed.events().stream()
                .filter(event -> event.kind().equals(kind))
                .toList();
    }
}
