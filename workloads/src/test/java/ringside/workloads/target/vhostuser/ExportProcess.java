package ringside.workloads.target.vhostuser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.trace.TraceMode;

/** Ringside's own server in a process of its own, so that it can be killed without a word of farewell. */
final class ExportProcess implements AutoCloseable {
    private static final int QUEUE_SIZE = 256;

    private final Path socket;
    private final Path log;
    private final List<String> command;
    private Process process;

    ExportProcess(Path folder, Path image, int queues) {
        this.socket = folder.resolve("export.sock");
        this.log = folder.resolve("export.log");
        this.command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ExportProcess.class.getName(),
                socket.toString(),
                image.toString(),
                Integer.toString(queues));
    }

    /** Starts it, the first time or again. */
    ExportProcess start() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Waits until somebody listens. */
    ExportProcess awaitSocket() throws IOException {
        while (!Files.exists(socket)) {
            if (!process.isAlive()) {
                throw new IOException(Files.readString(log));
            }
            LockSupport.parkNanos(1_000_000L);
        }
        return this;
    }

    Path socket() {
        return socket;
    }

    /** As kill -9. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }

    /**
     * Serves until its standard input ends, which it does with the test.
     *
     * @param arguments socket, image, number of queues
     */
    public static void main(String[] arguments) throws IOException {
        int queues = Integer.parseInt(arguments[2]);
        ExportSpec spec = new ExportSpec(
                Path.of(arguments[0]),
                new BlockNodeSpec.Raw(Path.of(arguments[1]), CacheMode.WRITEBACK, AioKind.THREADS, false, false, true),
                "export0",
                queues,
                QUEUE_SIZE,
                queues,
                PollSpec.QEMU_DEFAULT,
                TraceMode.OFF,
                true,
                true,
                "export");
        try (Export export = Export.open(spec)) {
            export.start();
            while (System.in.read() >= 0) {
                // nothing to read
            }
        }
    }
}
