package ringside.harness.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import ringside.harness.HarnessException;

/**
 * Files that exist whole or not at all: written beside their place, made stable, renamed, and the folder made stable.
 * A process killed at any moment leaves at most a file with the temporary suffix.
 */
public final class AtomicFiles {
    /** Suffix of files that are being written. */
    static final String TEMP_SUFFIX = ".part";

    private AtomicFiles() {}

    /** Writes a text file, replacing an older one. */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a file, replacing an older one.
     *
     * @throws HarnessException if the file system refuses, for example because it is full
     */
    public static void write(Path file, byte[] bytes) {
        Path folder = file.toAbsolutePath().getParent();
        Path temp = folder.resolve(
                file.getFileName() + "." + ProcessHandle.current().pid() + TEMP_SUFFIX);
        try {
            Files.createDirectories(folder);
            writeStable(temp, bytes);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            makeStable(folder);
        } catch (IOException e) {
            throw HarnessException.environment("cannot write " + file + ": " + reason(e), e);
        }
    }

    /**
     * The text of a file.
     *
     * @throws HarnessException in one line if it cannot be read
     */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw HarnessException.environment("cannot read " + file + ": " + reason(e), e);
        }
    }

    /** What went wrong in words: several JDK exceptions carry only the name of the file. */
    public static String reason(IOException e) {
        String kind = e.getClass().getSimpleName().replaceAll("Exception$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        return HarnessException.oneLine(e.getMessage() == null ? kind : kind + ", " + e.getMessage());
    }

    /** Removes what an earlier, killed process left half-written in a folder. */
    static void removeLeftovers(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + TEMP_SUFFIX)) {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw HarnessException.environment("cannot tidy " + folder + ": " + reason(e), e);
        }
    }

    private static void writeStable(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void makeStable(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
