package ringside.harness.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;

/**
 * A folder of our own in one that others use as well, such as /dev/shm. Its lock tells that somebody still needs it: the
 * kernel releases it however the owner dies, and the next run removes the folder.
 *
 * @param path the folder
 * @param lock open as long as it is needed
 */
record PrivateFolder(Path path, FileChannel lock) implements AutoCloseable {
    static final String PREFIX = "ringside-scratch-";
    private static final String LOCK = ".lock";

    /**
     * Removes what dead runs left and makes a new one.
     *
     * @throws HarnessException when the folder cannot be written
     */
    static PrivateFolder make(Path shared) {
        try {
            removeAbandoned(shared);
            Path path = Files.createTempDirectory(shared, PREFIX);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw new IOException("its lock is held by another process");
            }
            return new PrivateFolder(path, channel);
        } catch (IOException e) {
            throw HarnessException.environment(
                    "cannot make a scratch folder in " + shared + ": " + AtomicFiles.reason(e)
                            + ": choose another one with --set image-dir=DIR",
                    e);
        }
    }

    private static void removeAbandoned(Path shared) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(shared, PREFIX + "*")) {
            for (Path folder : all) {
                if (abandoned(folder)) {
                    remove(folder);
                }
            }
        }
    }

    private static boolean abandoned(Path folder) {
        // Without its lock file a folder is just being made, or no folder of ours.
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    private static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    @Override
    public void close() {
        try {
            remove(path);
            lock.close();
        } catch (IOException e) {
            throw HarnessException.environment("cannot remove " + path + ": " + AtomicFiles.reason(e), e);
        }
    }
}
