package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.BlockFile;
import ringside.emulator.ffi.NativeMemory;

/**
 * The log of a log-writes node: entries one behind the other, gathered in a buffer while somebody holds the lock. Blocking; any thread, but a
 * thread that appends holds {@link #lock()} until it has called {@link #writeOut()}.
 */
final class WriteLog implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int ALIGN_BYTES = 4096;

    private final BlockFile file;
    private final int sectorBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer;
    private final MemorySegment superBlock;

    /** Where the buffer goes, and how many bytes are in it. */
    private long bufferSector;

    private int buffered;

    /** All entries, and those that are in the log for certain. */
    private long entries;

    private long writtenEntries;

    WriteLog(BlockFile file, int sectorBytes, boolean append) {
        this.file = file;
        this.sectorBytes = sectorBytes;
        this.buffer = arena.allocate(Math.max(BUFFER_BYTES, 2L * sectorBytes), ALIGN_BYTES);
        this.superBlock = arena.allocate(sectorBytes, ALIGN_BYTES);
        this.bufferSector = 1;
        try {
            if (append && file.lengthBytes() > 0) {
                findEnd();
            } else {
                writeSuper();
            }
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private void findEnd() {
        file.read(0, superBlock);
        if (!LogFormat.isLog(superBlock) || LogFormat.sectorBytes(superBlock) != sectorBytes) {
            throw new IllegalArgumentException("log-writes: log-append=on, but the log is not one with sectors of "
                    + sectorBytes + " bytes: leave log-append away, or give log-sector-size");
        }
        entries = LogFormat.entries(superBlock);
        writtenEntries = entries;
        MemorySegment entry = arena.allocate(sectorBytes, ALIGN_BYTES);
        for (long i = 0; i < entries; i++) {
            file.read(bufferSector * sectorBytes, entry);
            long sectors = LogFormat.entrySectors(entry);
            if (sectors < 1 || sectors > file.lengthBytes() / sectorBytes - bufferSector) {
                throw new IllegalArgumentException("log-writes: entry " + i + " leads out of the log: start a new one");
            }
            bufferSector += sectors;
        }
    }

    ReentrantLock lock() {
        return lock;
    }

    int sectorBytes() {
        return sectorBytes;
    }

    /** Begins an entry; its data, if it has any, follows. */
    void entry(long sector, long sectors, long flags) {
        MemorySegment at = room(sectorBytes);
        LogFormat.putEntry(at, sector, sectors, flags, 0);
        entries++;
    }

    /** An entry that only says something. */
    void mark(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(bytes.length, sectorBytes - LogFormat.ENTRY_BYTES);
        MemorySegment at = room(sectorBytes);
        LogFormat.putEntry(at, 0, 0, LogFormat.MARK, length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, at, LogFormat.ENTRY_BYTES, length);
        entries++;
    }

    /** Data of the entry begun last: bytes at an address that stays mapped. In all a multiple of the sector. */
    void data(long address, long lengthBytes) {
        for (long done = 0; done < lengthBytes; ) {
            int piece = (int) Math.min(lengthBytes - done, freeBytes());
            NativeMemory.copyIn(buffer, buffered, address + done, piece);
            buffered += piece;
            done += piece;
        }
    }

    /** Data of the entry begun last: zeroes. */
    void zeroes(long lengthBytes) {
        for (long done = 0; done < lengthBytes; ) {
            int piece = (int) Math.min(lengthBytes - done, freeBytes());
            buffer.asSlice(buffered, piece).fill((byte) 0);
            buffered += piece;
            done += piece;
        }
    }

    private MemorySegment room(int bytes) {
        if (buffer.byteSize() - buffered < bytes) {
            spill();
        }
        MemorySegment at = buffer.asSlice(buffered, bytes).fill((byte) 0);
        buffered += bytes;
        return at;
    }

    private long freeBytes() {
        if (buffered == buffer.byteSize()) {
            spill();
        }
        return buffer.byteSize() - buffered;
    }

    /** Writes whole sectors of the buffer, which is always full of them when this is called. */
    private void spill() {
        if (buffered > 0) {
            file.write(bufferSector * sectorBytes, buffer.asSlice(0, buffered));
            bufferSector += buffered / sectorBytes;
            buffered = 0;
        }
    }

    /** Puts what was appended into the log. When that fails, nothing of it was appended. */
    void writeOut() {
        spill();
        writtenEntries = entries;
    }

    /** Where the log ends, to return there when an append fails. */
    record End(long sector, long entries) {}

    End end() {
        return new End(bufferSector, entries);
    }

    void cutTo(End end) {
        bufferSector = end.sector();
        entries = end.entries();
        buffered = 0;
    }

    /** Makes the log stable, with a super block that counts all its entries. */
    void makeStable() {
        writeSuper();
        file.flush();
    }

    private void writeSuper() {
        superBlock.fill((byte) 0);
        LogFormat.putSuper(superBlock, writtenEntries, sectorBytes);
        file.write(0, superBlock);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            makeStable();
        } finally {
            lock.unlock();
            arena.close();
        }
    }
}
