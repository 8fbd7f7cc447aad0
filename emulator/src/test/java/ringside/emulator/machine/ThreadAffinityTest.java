package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.ffi.LibC;

class ThreadAffinityTest {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile int tid;

    @BeforeEach
    void startThread() throws InterruptedException {
        Thread.ofPlatform().name("affinity-test").daemon().start(() -> {
            tid = LibC.gettid();
            running.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        running.await();
    }

    @AfterEach
    void endThread() {
        done.countDown();
    }

    private String allowedCpus() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/task/" + tid + "/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.split("\\s+")[1])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void pinnedThread_mayRunOnThatCpuOnly() throws IOException {
        // A container may be confined to any CPUs: take the first that this thread has.
        int cpu = Integer.parseInt(allowedCpus().split("[-,]")[0]);

        ThreadAffinity.pin("affinity-test", cpu);

        assertThat(allowedCpus()).isEqualTo(Integer.toString(cpu));
    }

    @Test
    void absentCpuOrThread_isRefused() {
        assertThatThrownBy(() -> ThreadAffinity.pin("affinity-test", 8000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("CPU 8000 is not there");
        assertThatThrownBy(() -> ThreadAffinity.pin("affinity-test", 100_000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ThreadAffinity.pin("nobody", 0)).isInstanceOf(IllegalStateException.class);
    }
}
