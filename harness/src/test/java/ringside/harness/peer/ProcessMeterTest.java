package ringside.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessMeterTest {
    @Test
    void busyThread_isInTheDifferenceWithItsName() throws InterruptedException {
        ProcessMeter before = ProcessMeter.of(ProcessHandle.current().pid());
        Thread busy = Thread.ofPlatform().name("busy-here").start(ProcessMeterTest::work);
        Thread.sleep(100);
        ProcessMeter.Used used = ProcessMeter.of(ProcessHandle.current().pid()).since(before);
        busy.interrupt();
        busy.join();

        assertThat(used.threadNs()).containsKey("busy-here");
        assertThat(used.cpuNs()).isGreaterThanOrEqualTo(used.threadNs().get("busy-here"));
        assertThat(used.rssKib()).isPositive();
    }

    private static void work() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void differences_areTakenThreadByThread() {
        ProcessMeter before = new ProcessMeter(100, 10, Map.of(1L, task("a", 50, 3, 1)));
        ProcessMeter after = new ProcessMeter(200, 20, Map.of(1L, task("a", 70, 5, 1), 2L, task("b", 9, 1, 0)));

        ProcessMeter.Used used = after.since(before);

        assertThat(used).isEqualTo(new ProcessMeter.Used(29, 3, 0, 20, Map.of("a", 20L, "b", 9L)));
    }

    @Test
    void threadThatEnded_countsThroughTheProcess() {
        ProcessMeter before = new ProcessMeter(100, 10, Map.of(1L, task("a", 50, 0, 0), 2L, task("b", 50, 0, 0)));
        ProcessMeter after = new ProcessMeter(500, 10, Map.of(1L, task("a", 60, 0, 0)));

        assertThat(after.since(before).cpuNs()).isEqualTo(400);
    }

    @Test
    void processThatIsGone_usedNothing() {
        assertThat(ProcessMeter.of(Long.MAX_VALUE)).isEqualTo(new ProcessMeter(0, 0, Map.of()));
    }

    private static ProcessMeter.Task task(String name, long cpuNs, long voluntary, long involuntary) {
        return new ProcessMeter.Task(name, cpuNs, voluntary, involuntary);
    }
}
