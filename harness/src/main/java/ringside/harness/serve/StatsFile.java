package ringside.harness.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultJson;

/**
 * Writes the statistics every second, so that a reader always finds one whole object. Renamed into place, but never made
 * stable: a flush every second would disturb the very disk that is measured.
 */
final class StatsFile implements AutoCloseable {
    private static final long INTERVAL_S = 1;

    private final Path file;
    private final Path temp;
    private final ServeStats stats;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread writer;

    /** @throws HarnessException when the file cannot be written */
    StatsFile(Path file, ServeStats stats) {
        this.file = file.toAbsolutePath();
        this.temp = this.file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        this.stats = stats;
        this.writer = Thread.ofPlatform().daemon().name("stats").unstarted(this::writeOften);
        write();
        writer.start();
    }

    private void writeOften() {
        try {
            while (!closing.await(INTERVAL_S, TimeUnit.SECONDS)) {
                write();
            }
        } catch (HarnessException e) {
            System.err.println("ringside: statistics end here: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            Files.writeString(temp, ResultJson.write(stats.now()));
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw HarnessException.environment("cannot write " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Writes the last state. */
    @Override
    public void close() {
        closing.countDown();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        write();
    }
}
