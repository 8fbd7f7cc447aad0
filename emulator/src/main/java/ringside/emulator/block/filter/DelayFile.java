package ringside.emulator.block.filter;

import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockFile;

/** The blocking side of a delay node: each call takes at least the drawn latency. */
record DelayFile(DelayNode node, BlockFile below) implements BlockFile {
    private void delayed(Runnable call) {
        long deadline = System.nanoTime() + node.drawNs();
        try {
            call.run();
        } finally {
            Waiting.until(deadline);
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        delayed(() -> below.read(offsetBytes, into));
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        delayed(() -> below.write(offsetBytes, from));
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        delayed(() -> below.writeZeroes(offsetBytes, lengthBytes, mayUnmap));
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        delayed(() -> below.discard(offsetBytes, lengthBytes));
    }

    @Override
    public void flush() {
        delayed(below::flush);
    }

    @Override
    public long lengthBytes() {
        return below.lengthBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        delayed(() -> below.truncate(lengthBytes));
    }
}
