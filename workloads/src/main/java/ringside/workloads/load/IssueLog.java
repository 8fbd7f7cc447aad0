package ringside.workloads.load;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import ringside.workloads.unit.IoUnit;

/**
 * fio's iolog of version 3: one line for each request that a lane submits. Confined to the lane's thread until it is
 * closed. Adding a line does not allocate.
 */
final class IssueLog implements AutoCloseable {
    private static final int MAX_LINE_BYTES = 512;
    private static final long NS_PER_US = 1000;
    private static final byte[][] NAMES = names();

    private final LineLog lines;
    private final byte[] disk;
    private long lastUs;
    private boolean closed;

    /**
     * Opens a new log; one that exists is replaced.
     *
     * @throws IllegalArgumentException one line, when the file cannot be written
     */
    IssueLog(Path file, String disk) {
        this.disk = disk.getBytes(StandardCharsets.UTF_8);
        this.lines = new LineLog("write_iolog", file, false);
        lines.put("fio version 3 iolog\n");
        fileAction("add");
        fileAction("open");
    }

    /** Adds a request that was created so long after the begin of the load. */
    void add(long sinceNs, IoUnit unit) {
        lines.begin(MAX_LINE_BYTES);
        lastUs = Math.max(lastUs, sinceNs / NS_PER_US);
        lines.put(lastUs).put(' ').put(disk).put(' ').put(NAMES[unit.op.ordinal()]);
        lines.put(' ')
                .put(unit.offsetBytes)
                .put(' ')
                .put((long) unit.lengthBytes)
                .put('\n');
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            fileAction("close");
            lines.close();
        }
    }

    private void fileAction(String action) {
        lines.begin(MAX_LINE_BYTES);
        lines.put(lastUs).put(' ').put(disk).put(" " + action + "\n");
    }

    private static byte[][] names() {
        byte[][] names = new byte[IoUnit.Op.values().length][];
        for (IoUnit.Op op : IoUnit.Op.values()) {
            String name = op == IoUnit.Op.FLUSH ? "sync" : op.name().toLowerCase(Locale.ROOT);
            names[op.ordinal()] = name.getBytes(StandardCharsets.US_ASCII);
        }
        return names;
    }
}
