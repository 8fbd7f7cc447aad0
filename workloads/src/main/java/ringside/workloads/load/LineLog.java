package ringside.workloads.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines that one thread adds to. Adding does not allocate; a system call writes many lines at a time, always whole
 * ones, so that several may append to one file.
 */
final class LineLog implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] digits = new byte[20];

    /**
     * Opens a log.
     *
     * @param append whether lines that are there stay
     * @throws IllegalArgumentException one line, when the file cannot be written
     */
    LineLog(String option, Path file, boolean append) {
        this.file = file;
        try {
            this.channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new IllegalArgumentException(option + "=" + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Makes room for one more line of so many bytes at most. */
    void begin(int bytes) {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    LineLog put(char c) {
        buffer.put((byte) c);
        return this;
    }

    LineLog put(byte[] text) {
        buffer.put(text);
        return this;
    }

    LineLog put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A number of at least 0. */
    LineLog put(long value) {
        int at = digits.length;
        long left = value;
        do {
            digits[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        buffer.put(digits, at, digits.length - at);
        return this;
    }

    /** One more column. */
    LineLog next(long value) {
        return put(',').put(' ').put(value);
    }

    private void flush() {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
        buffer.clear();
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            flush();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }
}
