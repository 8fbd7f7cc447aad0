package ringside.emulator.block;

import java.lang.foreign.MemorySegment;

/** The blocking side of the null node: reads give zeroes, everything else is forgotten. */
record NullFile(NullNode node) implements BlockFile {
    @Override
    public void read(long offsetBytes, MemorySegment into) {
        into.fill((byte) 0);
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        // Nothing is stored.
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        // It reads as zeroes already.
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        // Nothing is stored.
    }

    @Override
    public void flush() {
        // Nothing is stored.
    }

    @Override
    public long lengthBytes() {
        return node.lengthBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        node.resize(lengthBytes);
    }
}
