package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Short soaks; a long one runs with {@code -Dringside.soak.seconds=600}. */
class SoakRunTest {
    @TempDir
    Path folder;

    private final List<String> console = new ArrayList<>();

    private SoakOptions options(long seconds, long killEverySeconds, Optional<String> blockdev) {
        return new SoakOptions(
                TimeUnit.SECONDS.toNanos(seconds),
                blockdev,
                List.of(),
                2,
                2,
                16,
                TimeUnit.SECONDS.toNanos(killEverySeconds),
                42,
                Optional.of(folder.resolve("soak.json")));
    }

    private SoakResult soak(SoakOptions options, Consumer<String> listener) {
        long patienceNs = TimeUnit.SECONDS.toNanos(60);
        return SoakRun.run(options, folder, listener, new SoakLane.Patience(patienceNs, patienceNs));
    }

    @Test
    void serverThatIsKilledUnderLoad_losesNothing() throws Exception {
        SoakResult result = soak(options(4, 1, Optional.empty()), console::add);

        assertThat(result.problems()).isEmpty();
        assertThat(result.kills()).isPositive();
        assertThat(result.verified()).isTrue();
        assertThat(result.load().reads()).isPositive();
        assertThat(result.growth().rssAnonEndKib()).isPositive();
        assertThat(result.growth().fdsEnd()).isPositive();
        assertThat(console.getFirst()).startsWith("serving ");
        assertThat(result.summary()).last().isEqualTo("all is well");
        JsonNode json = JsonMapper.shared().readTree(folder.resolve("soak.json"));
        assertThat(json.path("load").path("writes").asLong())
                .isEqualTo(result.load().writes());
    }

    @Test
    void nullDisk_isNotCompared() {
        SoakResult result = soak(options(1, 0, Optional.of("driver=null,size=16M")), console::add);

        assertThat(result.problems()).isEmpty();
        assertThat(result.verified()).isFalse();
        assertThat(result.kills()).isZero();
    }

    @Test
    void serverThatDiesByItself_isReported() {
        SoakResult result = soak(
                options(60, 0, Optional.empty()),
                _ -> Thread.ofPlatform().daemon().start(SoakRunTest::killChildrenSoon));

        assertThat(result.isClean()).isFalse();
        assertThat(result.problems().getFirst()).contains("ended by itself with exit code 137");
        assertThat(result.summary()).last().isEqualTo("not well");
    }

    /** Once the load has begun; sooner it would find no server at all. */
    private static void killChildrenSoon() {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    @EnabledIfSystemProperty(named = "ringside.soak.seconds", matches = "[0-9]+")
    void longSoak_isClean() {
        SoakResult result =
                soak(options(Long.getLong("ringside.soak.seconds"), 0, Optional.empty()), System.out::println);

        assertThat(result.problems()).isEmpty();
    }
}
