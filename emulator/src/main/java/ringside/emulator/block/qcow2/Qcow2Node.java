package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.coroutine.VirtualThreads;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/** An opened qcow2 image. Opened through {@code BlockNodes}. */
public final class Qcow2Node implements BlockNode {
    private final Qcow2Spec spec;
    private final BlockNode file;
    private final Optional<BlockNode> dataFile;
    private final BackingSource backing;
    private final Qcow2Metadata metadata;
    private final Qcow2Header header;
    private final HeaderWriter headerWriter;
    private final Qcow2File blockingSide;
    private final ExecutorService workers;
    private final ExecutorService helpers;
    private volatile long lengthBytes;

    Qcow2Node(Qcow2Opening opening) {
        this.spec = opening.spec();
        this.file = opening.file();
        this.dataFile = opening.dataFile();
        this.backing = opening.backing();
        this.metadata = opening.metadata();
        this.header = opening.header();
        this.headerWriter = opening.headerWriter();
        this.lengthBytes = opening.sizeBytes();
        this.blockingSide = new Qcow2File(metadata, backing, opening.codec(), this::lengthBytes);
        this.workers = Workers.create("qcow2-worker");
        this.helpers = Workers.create("qcow2-helper");
    }

    /**
     * Opens an image, and what is behind it.
     *
     * @throws IllegalArgumentException when it cannot be served: one line with the remedy
     */
    public static Qcow2Node open(Qcow2Spec spec) {
        return Qcow2Opener.open(spec);
    }

    Qcow2Metadata metadata() {
        return metadata;
    }

    Qcow2File blockingSide() {
        return blockingSide;
    }

    BackingSource backing() {
        return backing;
    }

    /** For whole requests, which may wait for clusters that others hold. */
    ExecutorService workers() {
        return workers;
    }

    /** For what never waits for clusters: whoever holds some needs it to go on, when all workers may be waiting for them. */
    ExecutorService helpers() {
        return helpers;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public boolean readOnly() {
        return spec.options().readOnly();
    }

    @Override
    public boolean writeback() {
        return file.writeback();
    }

    @Override
    public int physicalBlockBytes() {
        return file.physicalBlockBytes();
    }

    @Override
    public boolean unmaps() {
        return spec.options().discardUnmap() && !readOnly();
    }

    @Override
    public String description() {
        Qcow2Geometry geometry = metadata.geometry();
        return "driver=qcow2,cluster-size=%d,extended-l2=%s,locking=%s,continuation=%s,read-only=%s,discard=%s,file.%s%s"
                .formatted(
                        geometry.clusterBytes(),
                        geometry.extendedL2() ? "on" : "off",
                        spec.options().locking().label(),
                        continuation(),
                        readOnly() ? "on" : "off",
                        spec.options().discardUnmap() ? "unmap" : "ignore",
                        file.description().replace(",", ",file."),
                        backing.isPresent()
                                ? ",backing." + backing.node().description().replace(",", ",backing.")
                                : "");
    }

    private String continuation() {
        Qcow2Options.Continuation continuation = spec.options().continuation();
        boolean pool = continuation == Qcow2Options.Continuation.VIRTUAL_THREAD && !VirtualThreads.schedulable();
        return continuation.label() + (pool ? "(pool)" : "");
    }

    @Override
    public BlockFile file() {
        return blockingSide;
    }

    @Override
    public BlockStatus status(long offsetBytes, long length) {
        return StatusFinder.of(this, offsetBytes, length);
    }

    @Override
    public BlockBackend attach(AioContext context) {
        BlockBackend behind = backing.isPresent() ? backing.node().attach(context) : null;
        BlockBackend data = dataFile.orElse(file).attach(context);
        return switch (spec.options().continuation()) {
            case CALLBACK -> new Qcow2Backend(this, context.loop(), data, behind);
            case VIRTUAL_THREAD -> new StraightBackend(this, context.loop(), data, behind);
        };
    }

    @Override
    public void resize(long bytes) {
        if (readOnly()) {
            throw new IllegalArgumentException("qcow2: cannot be resized while it is open read-only");
        }
        if (bytes < lengthBytes) {
            throw new IllegalArgumentException(
                    "qcow2: cannot become smaller while it is open: use ringside image resize --shrink");
        }
        long before = lengthBytes;
        boolean grown = false;
        try {
            DiskGrowth.grow(metadata, header, headerWriter, bytes, () -> clearNew(before, bytes));
            grown = true;
        } finally {
            lengthBytes = grown ? bytes : before;
        }
    }

    /** New bytes are zeroes, whatever the last cluster holds behind the end and however far the backing file reaches. */
    private void clearNew(long from, long to) {
        lengthBytes = to;
        long endOfCluster =
                metadata.geometry().clusterStart(from - 1) + metadata.geometry().clusterBytes();
        long end = Math.min(to, Math.max(endOfCluster, backing.lengthBytes()));
        if (end > from) {
            blockingSide.writeZeroes(from, end - from, false);
        }
    }

    /** Bytes of a cluster. */
    public int clusterBytes() {
        return metadata.geometry().clusterBytes();
    }

    /**
     * Writes a cluster compressed, or as it is where that saves nothing. Blocks.
     *
     * @param offsetBytes start of a cluster that has not been written before
     * @param from a whole cluster, or what the disk has left of its last one
     */
    public void writeCompressed(long offsetBytes, MemorySegment from) {
        blockingSide.writeCompressed(offsetBytes, from);
    }

    /**
     * Writes zeroes that the image itself says, also where it reads as zeroes only because nothing is behind it: they stay when
     * it gets another backing file. Blocks.
     */
    public void keepZeroes(long offsetBytes, long length) {
        blockingSide.keepZeroes(offsetBytes, length);
    }

    /** Takes away all that this image itself holds, so that its backing file shows. Blocks; with no request in flight. */
    public void empty() {
        new Unmapping(metadata).from(0, lengthBytes);
        metadata.flush();
    }

    /** Makes the disk smaller. Blocks; with no request in flight, and the image is closed next. */
    public void shrink(long bytes) {
        if (header.snapshots() > 0) {
            throw new IllegalArgumentException(
                    "qcow2: an image with snapshots cannot become smaller: delete them first");
        }
        long end = metadata.geometry().clusters(bytes) << metadata.geometry().clusterBits();
        long tail = Math.min(end, lengthBytes) - bytes;
        if (tail > 0) {
            blockingSide.writeZeroes(bytes, tail, false);
        }
        new Unmapping(metadata).from(end, lengthBytes);
        metadata.flush();
        headerWriter.write(h -> h.setSize(bytes));
        lengthBytes = bytes;
        dataFile.ifPresent(data -> data.file().truncate(bytes));
    }

    Qcow2Header header() {
        return header;
    }

    HeaderWriter headerWriter() {
        return headerWriter;
    }

    /** Writes what is in memory. */
    @Override
    public void close() {
        closeAnd(() -> {});
    }

    /** Closes, and does something with the file when everything has been written. */
    void closeAnd(Runnable last) {
        workers.shutdown();
        helpers.shutdown();
        try {
            workers.awaitTermination(1, TimeUnit.MINUTES);
            helpers.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try {
            blockingSide.leave();
            metadata.close(readOnly());
            last.run();
        } finally {
            dataFile.ifPresent(BlockNode::close);
            file.close();
            if (backing.isPresent()) {
                backing.node().close();
            }
        }
    }
}
