package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.ffi.Errno;

/** The blocking side of a blkverify node. */
record BlkverifyFile(BlkverifyNode node, BlockFile test, BlockFile raw) implements BlockFile {
    private static final int SECTOR_BYTES = 512;

    private void both(String what, Consumer<BlockFile> call) {
        int expected = outcome(raw, call);
        int actual = outcome(test, call);
        if (expected != actual) {
            differs(what + ": test ended with errno " + actual + ", raw with " + expected);
        }
        if (actual != 0) {
            throw new BlockIoException(actual, "blkverify: " + what);
        }
    }

    private static int outcome(BlockFile file, Consumer<BlockFile> call) {
        try {
            call.accept(file);
            return 0;
        } catch (BlockIoException e) {
            return e.errno();
        }
    }

    private void differs(String what) {
        node.differs(what);
        throw new BlockIoException(Errno.EIO, "blkverify: " + what);
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        String what = "read of %d bytes at %d".formatted(into.byteSize(), offsetBytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment expected = arena.allocate(into.byteSize());
            both(what, file -> file.read(offsetBytes, file == test ? into : expected));
            long at = into.mismatch(expected);
            if (at >= 0) {
                differs(what + ": contents differ at sector " + (offsetBytes + at) / SECTOR_BYTES);
            }
        }
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        both("write of %d bytes at %d".formatted(from.byteSize(), offsetBytes), file -> file.write(offsetBytes, from));
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        both(
                "write-zeroes of %d bytes at %d".formatted(lengthBytes, offsetBytes),
                file -> file.writeZeroes(offsetBytes, lengthBytes, mayUnmap));
    }

    /** Nothing is given up: what a discarded range holds is open, and the two could differ in it. */
    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        // Both keep what they have.
    }

    @Override
    public void flush() {
        both("flush", BlockFile::flush);
    }

    @Override
    public long lengthBytes() {
        return test.lengthBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        both("truncate to " + lengthBytes, file -> file.truncate(lengthBytes));
    }
}
