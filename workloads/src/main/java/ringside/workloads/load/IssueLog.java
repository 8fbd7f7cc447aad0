package ringside.workloads.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ringside.workloads.unit.IoUnit;

/**
 * fio's iolog of version 3: one line for each request that a lane submits. Confined to the lane's thread until it is
 * closed. Adding a line does not allocate; a system call writes about 25,000 lines at a time.
 */
final class IssueLog implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int MAX_LINE_BYTES = 512;
    private static final long NS_PER_US = 1000;
    private static final byte[][] NAMES = names();

    private final Path file;
    private final FileChannel channel;
    private final byte[] disk;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] digits = new byte[20];
    private long lastUs;

    /**
     * Opens a new log; one that exists is replaced.
     *
     * @throws IllegalArgumentException one line, when the file cannot be written
     */
    IssueLog(Path file, String disk) {
        this.file = file;
        this.disk = disk.getBytes(StandardCharsets.UTF_8);
        try {
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new IllegalArgumentException("write_iolog=" + file + " cannot be written: " + e.getMessage(), e);
        }
        buffer.put("fio version 3 iolog\n".getBytes(StandardCharsets.US_ASCII));
        fileAction("add");
        fileAction("open");
    }

    /** Adds a request that was created so long after the begin of the load. */
    void add(long sinceNs, IoUnit unit) {
        if (buffer.remaining() < MAX_LINE_BYTES) {
            flush();
        }
        lastUs = Math.max(lastUs, sinceNs / NS_PER_US);
        number(lastUs);
        buffer.put((byte) ' ')
                .put(disk)
                .put((byte) ' ')
                .put(NAMES[unit.op.ordinal()])
                .put((byte) ' ');
        number(unit.offsetBytes);
        buffer.put((byte) ' ');
        number(unit.lengthBytes);
        buffer.put((byte) '\n');
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        fileAction("close");
        flush();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private void fileAction(String action) {
        number(lastUs);
        buffer.put((byte) ' ').put(disk).put((" " + action + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void number(long value) {
        int at = digits.length;
        long left = value;
        do {
            digits[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        buffer.put(digits, at, digits.length - at);
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

    private static byte[][] names() {
        byte[][] names = new byte[IoUnit.Op.values().length][];
        for (IoUnit.Op op : IoUnit.Op.values()) {
            String name = op == IoUnit.Op.FLUSH ? "sync" : op.name().toLowerCase(java.util.Locale.ROOT);
            names[op.ordinal()] = name.getBytes(StandardCharsets.US_ASCII);
        }
        return names;
    }
}
