package ringside.emulator.block;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import ringside.emulator.aio.AioContext;
import ringside.emulator.aio.AioKind;
import ringside.emulator.memory.SharedFile;

/**
 * Where the records of a {@link ZoneTable} are: in memory, or in a file that is mapped. A change of the mapped file
 * survives the end of this process at once, and a power cut after the flush of {@link #attach}.
 *
 * <p>The file: a block of 4 KiB (magic, then as le64 the size of the disk, of a zone, of its writable part, and the number
 * of conventional zones), then the records.
 */
final class ZoneStore implements AutoCloseable {
    private static final byte[] MAGIC = {'R', 'S', 'Z', 'O', 'N', 'E', 'S', 1};
    private static final int HEADER_BYTES = 4096;

    private final MemorySegment records;
    private final Optional<RawNode> file;
    private final AutoCloseable mapping;

    private ZoneStore(MemorySegment records, Optional<RawNode> file, AutoCloseable mapping) {
        this.records = records;
        this.file = file;
        this.mapping = mapping;
    }

    /** Zones that are empty again when the node is opened the next time. */
    static ZoneStore inMemory(ZoneSpec spec, long diskBytes) {
        Arena arena = Arena.ofShared();
        return new ZoneStore(arena.allocate(recordBytes(spec, diskBytes), Long.BYTES), Optional.empty(), arena::close);
    }

    private static long recordBytes(ZoneSpec spec, long diskBytes) {
        return (long) ZoneTable.count(spec, diskBytes) * ZoneTable.RECORD_BYTES;
    }

    /**
     * Opens the file, or makes it, with all zones empty.
     *
     * @throws IllegalArgumentException when it belongs to another disk or geometry: one line with the remedy
     */
    static ZoneStore open(Path path, BlockNodeSpec base, ZoneSpec spec, long diskBytes) {
        boolean readOnly = base instanceof BlockNodeSpec.Raw raw && raw.readOnly();
        byte[] header = header(spec, diskBytes);
        long bytes = HEADER_BYTES + (recordBytes(spec, diskBytes) + 511) / 512 * 512;
        try {
            if (!Files.exists(path) && !readOnly) {
                create(path, header, bytes);
            }
            check(path, header, bytes);
            return readOnly ? copy(path, spec, diskBytes) : map(path, base, bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("zones " + path + ": " + e + "; check the path", e);
        }
    }

    private static byte[] header(ZoneSpec spec, long diskBytes) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putLong(diskBytes)
                .putLong(spec.zoneBytes())
                .putLong(spec.writableBytes())
                .putLong(spec.conventional())
                .array();
    }

    private static void create(Path path, byte[] header, long bytes) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) bytes).put(header).rewind();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
    }

    private static void check(Path path, byte[] header, long bytes) throws IOException {
        if (!Files.exists(path)) {
            throw new IllegalArgumentException(
                    "zones " + path + ": is not there; open the disk writable once, which makes it");
        }
        ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES);
        try (FileChannel channel = FileChannel.open(path)) {
            while (found.hasRemaining() && channel.read(found) > 0) {
                // until the header is there, or the file ends
            }
            if (channel.size() != bytes || !ByteBuffer.wrap(header).equals(found.flip())) {
                throw new IllegalArgumentException(
                        "zones " + path + ": was made for another disk or other zones; give the"
                                + " same zone options as then, or remove it, which empties all zones");
            }
        }
    }

    private static ZoneStore copy(Path path, ZoneSpec spec, long diskBytes) throws IOException {
        ZoneStore store = inMemory(spec, diskBytes);
        MemorySegment file = MemorySegment.ofArray(Files.readAllBytes(path));
        MemorySegment.copy(file, HEADER_BYTES, store.records, 0, store.records.byteSize());
        return store;
    }

    /** Opened as an image, so that it is locked as one and can be flushed like one. */
    private static ZoneStore map(Path path, BlockNodeSpec base, long bytes) {
        boolean ring = base instanceof BlockNodeSpec.Raw raw && raw.aio() == AioKind.IO_URING;
        RawNode file = RawNode.open(new BlockNodeSpec.Raw(
                path, CacheMode.WRITEBACK, ring ? AioKind.IO_URING : AioKind.THREADS, true, false, false));
        try {
            SharedFile mapped = SharedFile.map(file.fd(), HEADER_BYTES, bytes - HEADER_BYTES);
            return new ZoneStore(mapped.segment(), Optional.of(file), mapped);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    MemorySegment records() {
        return records;
    }

    /** Where the file is flushed from a loop; empty when there is none. */
    Optional<BlockBackend> attach(AioContext context) {
        return file.map(node -> node.attach(context));
    }

    @Override
    public void close() {
        try {
            mapping.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot unmap the zones: " + e.getMessage(), e);
        } finally {
            file.ifPresent(RawNode::close);
        }
    }
}
