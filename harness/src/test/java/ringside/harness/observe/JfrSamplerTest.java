package ringside.harness.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrSamplerTest {
    @TempDir
    Path temp;

    @Test
    void busyMethod_isInTheFlameGraph() throws Exception {
        Path html = temp.resolve("profiles/cell.html");
        JfrSampler sampler = new JfrSampler();

        sampler.begin();
        Thread busy = Thread.ofPlatform().name("busy-thread").start(JfrSamplerTest::burnForAWhile);
        busy.join();
        sampler.end(html);

        assertThat(Files.readString(html))
                .contains("JfrSamplerTest.burnForAWhile")
                .contains("busy-thread")
                .doesNotContain("src=\"http");
    }

    private static void burnForAWhile() {
        long end = System.nanoTime() + 300_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
