package ringside.workloads.target.vhostuser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A qemu-storage-daemon with one vhost-user-blk export, for one test. */
final class StorageDaemon implements AutoCloseable {
    private static final String PROGRAM = "qemu-storage-daemon";

    private final List<String> command = new ArrayList<>();
    private final Path socket;
    private final Path log;
    private Process process;

    private StorageDaemon(Path folder, String node, int queues, boolean writable) {
        this.socket = folder.resolve("qsd.sock");
        this.log = folder.resolve("qsd.log");
        command.addAll(List.of(PROGRAM, "--object", "iothread,id=t0", "--blockdev", node + ",node-name=n0"));
        command.addAll(List.of(
                "--export",
                "vhost-user-blk,id=e0,node-name=n0,iothread=t0,addr.type=unix,addr.path=" + socket + ",writable="
                        + (writable ? "on" : "off") + ",num-queues=" + queues));
    }

    static boolean present() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
    }

    static StorageDaemon ofNull(Path folder, int queues) throws IOException {
        return new StorageDaemon(folder, "driver=null-co,size=1073741824,read-zeroes=on", queues, true).start();
    }

    static StorageDaemon readOnlyNull(Path folder) throws IOException {
        return new StorageDaemon(folder, "driver=null-co,size=1073741824,read-zeroes=on,read-only=on", 1, false)
                .start();
    }

    static StorageDaemon ofFile(Path folder, Path image, int queues) throws IOException {
        return new StorageDaemon(folder, "driver=file,filename=" + image + ",discard=unmap", queues, true).start();
    }

    /** Starts it, possibly again after {@link #kill}. */
    StorageDaemon start() throws IOException {
        Files.deleteIfExists(socket);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        awaitSocket();
        return this;
    }

    /** A wrong option ends it at once; its log says which. */
    private void awaitSocket() throws IOException {
        while (!Files.exists(socket)) {
            if (!process.isAlive()) {
                throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
            }
            LockSupport.parkNanos(1_000_000L);
        }
    }

    Path socket() {
        return socket;
    }

    /** As kill -9. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** As kill -STOP: alive, but it does nothing. */
    void freeze() throws IOException {
        new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start();
    }

    private void awaitEnd() {
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
}
