package ringside.emulator.block.nbd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A qemu-nbd that serves an image on a Unix-domain socket. */
final class QemuNbd implements AutoCloseable {
    private final List<String> command = new ArrayList<>();
    private final Path socket;
    private Process process;

    QemuNbd(Path image, String format, Path socket, String... more) throws IOException, InterruptedException {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "qemu-nbd"))),
                "qemu-nbd is not installed");
        this.socket = socket;
        command.addAll(List.of("qemu-nbd", "-f", format, "-k", socket.toString(), "-t", "-x", "disk"));
        command.addAll(List.of(more));
        command.add(image.toString());
        start();
    }

    void start() throws IOException, InterruptedException {
        Files.deleteIfExists(socket);
        process = new ProcessBuilder(command).inheritIO().start();
        for (int i = 0; i < 500 && !Files.exists(socket) && process.isAlive(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        if (!Files.exists(socket)) {
            throw new AssertionError("qemu-nbd did not start");
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            // It has been seen to sleep on after a SIGTERM that came while it closed a connection.
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
