package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.vhostuser.VhostUserSocket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command in a JVM of its own, as users run it. */
class ServeProcessTest {
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(10);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Path socket() {
        return folder.resolve("s");
    }

    private Process start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--socket", socket().toString()));
        arguments.addAll(List.of(more));
        Process process = new ProcessBuilder(ServerJvm.command(arguments))
                .redirectError(folder.resolve("err").toFile())
                .start();
        started.add(process);
        return process;
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private long featuresOfServer() {
        try (VhostUserSocket peer = VhostUserSocket.connect(socket())) {
            VhostUserMessage message = new VhostUserMessage();
            peer.send(message.request(VhostUserRequest.GET_FEATURES, 0));
            assertThat(peer.receive(message, ANSWER_NS)).isTrue();
            return message.u64(0);
        }
    }

    @Test
    void sigterm_endsWithZeroAndASummary() throws Exception {
        Path image = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
        Path stats = folder.resolve("stats.json");
        Process server = start(
                "--blockdev", "driver=raw,file=" + image, "--queues", "2", "--iothreads", "4", "--stats", stats + "");
        BufferedReader out = server.inputReader();

        assertThat(out.readLine())
                .isEqualTo("serving " + image + " (1 MiB, raw, cache=writeback, aio=threads) on " + socket()
                        + ", 2 queues on 2 IOThreads");
        assertThat(featuresOfServer()).isNotZero();
        server.toHandle().destroy(); // unlike Process.destroy it leaves the streams open

        assertThat(out.readLine()).matches("stopped after .* s: 0 requests .* over 1 connections; .* collections.*");
        assertThat(server.waitFor()).isZero();
        assertThat(err()).isEmpty();
        assertThat(socket()).doesNotExist();
        JsonNode last = JsonMapper.shared().readTree(stats);
        assertThat(last.path("connections").asLong()).isEqualTo(1);
        assertThat(last.path("requests").asLong()).isZero();
        assertThat(last.path("size_bytes").asLong()).isEqualTo(1 << 20);
        assertThat(last.path("rss_kib").asLong()).isPositive();
        assertThat(last.path("fds").asLong()).isPositive();
        assertThat(last.path("gc_count").isIntegralNumber()).isTrue();
        assertThat(last.path("counters").propertyNames()).contains("iothread0", "iothread1", "export0/queue1");
    }

    @Test
    void socketOfKilledServer_isTakenOver() throws Exception {
        Process killed = start("--blockdev", "driver=null");
        assertThat(killed.inputReader().readLine()).startsWith("serving null (1 GiB) on ");
        killed.destroyForcibly().waitFor();
        assertThat(socket()).exists();

        Process next = start("--blockdev", "driver=null", "--trace", "off");

        assertThat(next.inputReader().readLine()).startsWith("serving null");
        assertThat(featuresOfServer()).isNotZero();
    }

    @Test
    void socketOfLiveServer_isRefusedInOneLine() throws Exception {
        Process first = start("--blockdev", "driver=null");
        assertThat(first.inputReader().readLine()).startsWith("serving");

        Process second = start("--blockdev", "driver=null");

        assertThat(second.waitFor()).isEqualTo(2);
        assertThat(err()).contains("a server already listens on").hasLineCount(1);
        assertThat(featuresOfServer()).isNotZero();
    }

    @Test
    void absentImage_isRefusedInOneLine() throws Exception {
        Process server = start("--blockdev", "driver=raw,file=" + folder.resolve("absent.img"));

        assertThat(server.waitFor()).isEqualTo(2);
        assertThat(err()).contains("absent.img").hasLineCount(1);
        assertThat(socket()).doesNotExist();
    }

    @Test
    void absentCpu_isRefusedInOneLine() throws Exception {
        Process server = start("--blockdev", "driver=null", "--cpus", "8000");

        assertThat(server.waitFor()).isEqualTo(2);
        assertThat(err()).contains("CPU 8000 is not there").hasLineCount(1);
        assertThat(socket()).doesNotExist();
    }

    @Test
    void launcherScript_startsServersWithTheSameFlags() throws IOException {
        Path script = Path.of("../scripts/ringside");

        assertThat(ServerJvm.FLAGS)
                .allSatisfy(flag -> assertThat(Files.readString(script)).contains(flag));
    }
}
