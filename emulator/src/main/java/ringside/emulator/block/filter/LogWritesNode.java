package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.LogWritesSpec;

/**
 * Writes down what changes, in the order in which the changes ended, so that every state in which a crash could have left the
 * disk can be made again; changes that end during a flush come behind it. A write ends when it is in the log as well.
 */
final class LogWritesNode implements FilterNode {
    private final LogWritesSpec spec;
    private final BlockNode child;
    private final BlockNode logNode;
    private final WriteLog log;
    private final LogWriter writer;
    private final FlushFence fence;
    private final BlockFile file;

    LogWritesNode(LogWritesSpec spec, BlockNode child, BlockNode logNode) {
        this.spec = spec;
        this.child = child;
        this.logNode = logNode;
        if (child.zones().isPresent()) {
            throw new IllegalArgumentException("log-writes: a log does not know zones; use a disk without");
        }
        try {
            this.log = new WriteLog(logNode.file(), spec.logSectorBytes(), spec.append());
        } catch (BlockIoException e) {
            throw new IllegalArgumentException("log-writes: the log cannot be used: " + e.getMessage(), e);
        }
        this.file = new LogWritesFile(this, child.file());
        this.writer = new LogWriter(this);
        this.fence = new FlushFence(writer::add);
    }

    @Override
    public BlockNode child() {
        return child;
    }

    LogWriter writer() {
        return writer;
    }

    FlushFence fence() {
        return fence;
    }

    WriteLog log() {
        return log;
    }

    /** The log's sectors are whole, so smaller requests are logged with what is around them. */
    @Override
    public int physicalBlockBytes() {
        return Math.max(spec.logSectorBytes(), child.physicalBlockBytes());
    }

    /**
     * Appends a change of a range that is not of whole sectors: what the sectors hold afterwards. The log's lock is held.
     *
     * @param flags of the entry
     */
    void appendSectorsAround(long offsetBytes, long lengthBytes, long flags) {
        int sector = log.sectorBytes();
        long from = offsetBytes / sector * sector;
        long to = (offsetBytes + lengthBytes + sector - 1) / sector * sector;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(to - from, sector);
            child.file().read(from, data);
            log.entry(from / sector, (to - from) / sector, flags);
            log.data(data.address(), data.byteSize());
        }
    }

    boolean wholeSectors(long offsetBytes, long lengthBytes) {
        return (offsetBytes | lengthBytes) % log.sectorBytes() == 0;
    }

    @Override
    public String description() {
        return "driver=log-writes,log-sector-size=%d,log=[%s],file=[%s]"
                .formatted(spec.logSectorBytes(), logNode.description(), child.description());
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new LogWritesBackend(this, context.loop(), child.attach(context));
    }

    @Override
    public void close() {
        writer.close();
        try {
            log.close();
        } finally {
            logNode.close();
            child.close();
        }
    }
}
