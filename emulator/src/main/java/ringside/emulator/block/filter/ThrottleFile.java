package ringside.emulator.block.filter;

import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockFile;

/** The blocking side of a throttle node: calls wait for the limits, too. */
record ThrottleFile(ThrottleNode node, BlockFile below) implements BlockFile {
    private void await(boolean write, long lengthBytes) {
        for (long now = System.nanoTime(); ; now = System.nanoTime()) {
            long wait = node.group().admit(write, lengthBytes, now);
            if (wait == 0) {
                return;
            }
            Waiting.until(now + wait);
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        await(false, into.byteSize());
        below.read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        await(true, from.byteSize());
        below.write(offsetBytes, from);
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        await(true, lengthBytes);
        below.writeZeroes(offsetBytes, lengthBytes, mayUnmap);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        await(true, lengthBytes);
        below.discard(offsetBytes, lengthBytes);
    }

    @Override
    public void flush() {
        below.flush();
    }

    @Override
    public long lengthBytes() {
        return below.lengthBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        below.truncate(lengthBytes);
    }
}
