package ringside.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;
import ringside.harness.suite.CommandTemplate;
import ringside.harness.suite.ServerTemplates;

@Timeout(60)
class ServerProcessTest {
    @TempDir
    Path temp;

    private Path log;

    @BeforeEach
    void nameLog() {
        log = temp.resolve("logs/server.log");
    }

    @Test
    void server_isStartedMeasuredStoppedAndItsFolderRemoved() {
        ProcessHandle handle;
        Path folder;
        try (ServerProcess server =
                ServerProcess.start(shell("echo '{\"gc_count\": 3, \"name\": \"x\"}' >$2; : >$1; exec sleep 60"))) {
            folder = server.socket().getParent();
            handle = handleOf(server);
            assertThat(server.isAlive()).isTrue();
            assertThat(server.meter().tasks()).isNotEmpty();
            assertThat(server.stop().numbers()).isEqualTo(Map.of("gc_count", 3.0));
            assertThat(server.isAlive()).isFalse();
        }
        assertThat(handle.isAlive()).isFalse();
        assertThat(folder).doesNotExist();
    }

    @Test
    void serverThatEndsAtOnce_isRefusedWithTheEndOfItsLog() {
        assertThatThrownBy(() -> ServerProcess.start(shell("echo no such export; exit 7")))
                .isInstanceOf(HarnessException.class)
                .hasMessage("server test ended with exit code 7 before it listened: no such export");
    }

    @Test
    void serverThatNeverListens_isEndedAfterTheLimit() {
        assertThatThrownBy(() -> ServerProcess.start(shell("echo $$; exec sleep 60"), 300_000_000L))
                .hasMessageContaining("did not listen on")
                .hasMessageContaining("within 300 ms");

        assertThat(loggedPid().isPresent()).isFalse();
    }

    @Test
    void serverThatIgnoresSigterm_isKilledWithItsChildren() {
        ProcessHandle handle;
        List<ProcessHandle> children;
        try (ServerProcess server =
                ServerProcess.start(shell("trap '' TERM; sleep 60 & : >$1; while true; do sleep 1; done"))) {
            handle = handleOf(server);
            children = handle.descendants().toList();
        }
        assertThat(handle.isAlive()).isFalse();
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void missingProgram_isRefusedInOneLine() {
        CommandTemplate template = CommandTemplate.parse("no-such-server-program {socket}");

        assertThatThrownBy(() -> ServerProcess.start(new ServerLaunch("x", template, Map.of(), "any", log)))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("cannot start no-such-server-program")
                .hasMessageNotContaining("\n");
    }

    @Test
    void placement_isThatOfTheProcess() throws IOException {
        assumeTrue(Programs.present("taskset"), "taskset is not installed");
        CommandTemplate template = CommandTemplate.parse(
                "sh -c 'grep Cpus_allowed_list /proc/self/status; : >{socket};" + " exec sleep 60'");
        try (ServerProcess server = ServerProcess.start(new ServerLaunch("x", template, Map.of(), "0", log))) {
            assertThat(server.command()).startsWith("taskset", "-c", "0");
            assertThat(Files.readString(log)).contains("Cpus_allowed_list:\t0\n");
        }
    }

    @Test
    void deathOfThisJvm_endsTheServerAndRemovesItsFolder() throws IOException, InterruptedException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        log.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] words = owner.inputReader().readLine().split(" ");
        ProcessHandle server = ProcessHandle.of(Long.parseLong(words[0])).orElseThrow();
        assertThat(Path.of(words[1])).exists();

        owner.destroyForcibly().waitFor();

        assertThat(server.onExit()).succeedsWithin(Duration.ofSeconds(20));
        awaitGone(Path.of(words[1]));
    }

    /** Starts a server that ignores signals, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] arguments) throws InterruptedException {
            ServerLaunch launch = new ServerLaunch(
                    "owned",
                    CommandTemplate.parse("sh -c \"trap '' TERM; : >{socket}; while true; do sleep 1; done\""),
                    Map.of(),
                    "any",
                    Path.of(arguments[0]));
            ServerProcess server = ServerProcess.start(launch);
            System.out.println(handleOf(server).pid() + " " + server.socket().getParent());
            Thread.sleep(60_000);
        }
    }

    @Test
    void storageDaemon_isStartedAndSaysItsVersion() {
        assumeTrue(Programs.present("qemu-storage-daemon"), Programs.missing("qemu-storage-daemon"));
        CommandTemplate template = ServerTemplates.find("qsd-null", Map.of());
        Map<String, String> values = Map.of(
                "size",
                "1048576",
                "latency-ns",
                "0",
                "read-zeroes",
                "off",
                "poll-max-ns",
                "0",
                "writable",
                "off",
                "queues",
                "2");

        try (ServerProcess server = ServerProcess.start(new ServerLaunch("qsd-null", template, values, "any", log))) {
            assertThat(server.version()).startsWith("qemu-storage-daemon version");
            ProcessMeter.Used used = server.meter().since(new ProcessMeter(0, 0, Map.of()));
            assertThat(used.cpuNs()).isPositive();
            assertThat(used.rssKib()).isGreaterThan(1024);
            assertThat(server.command())
                    .contains("node-name=disk0,driver=null-co,size=1048576,latency-ns=0,read-zeroes=off");
        }
    }

    /** A server of a few lines of shell, with the socket as $1 and the statistics file as $2. */
    private ServerLaunch shell(String script) {
        try {
            Path file = Files.writeString(temp.resolve("server.sh"), script + "\n");
            CommandTemplate template = CommandTemplate.parse("sh " + file + " {socket} {stats}");
            return new ServerLaunch("test", template, Map.of(), "any", log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProcessHandle handleOf(ServerProcess server) {
        return ProcessHandle.current()
                .descendants()
                .filter(child -> child.pid() == server.pid())
                .findFirst()
                .orElseThrow();
    }

    private Optional<ProcessHandle> loggedPid() {
        try {
            long pid = Long.parseLong(Files.readString(log).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitGone(Path folder) throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Files.exists(folder) && System.nanoTime() < endNs) {
            Thread.sleep(20);
        }
        assertThat(folder).doesNotExist();
    }
}
