package ringside.emulator.block.filter;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import ringside.emulator.block.BlkdebugSpec.Injection;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockOp;

/** The blocking side of a blkdebug node: where formats keep their metadata. */
record BlkdebugFile(BlkdebugNode node, BlockFile below) implements BlockFile {
    private void pass(BlockOp op, long offsetBytes, long lengthBytes) {
        node.raiseBefore(op);
        Optional<Injection> fault = node.rules().hit(BlkdebugNode.ioType(op), offsetBytes, lengthBytes);
        if (fault.isEmpty()) {
            return;
        }
        Waiting.until(System.nanoTime() + fault.get().latencyNs());
        if (fault.get().errno() != 0) {
            throw new BlockIoException(
                    fault.get().errno(), "blkdebug: %s at %d".formatted(BlkdebugNode.ioType(op), offsetBytes));
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        pass(BlockOp.READ, offsetBytes, into.byteSize());
        below.read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        pass(BlockOp.WRITE, offsetBytes, from.byteSize());
        below.write(offsetBytes, from);
        node.rules().raise(BlockEvent.PWRITEV_DONE);
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        pass(BlockOp.WRITE_ZEROES, offsetBytes, lengthBytes);
        below.writeZeroes(offsetBytes, lengthBytes, mayUnmap);
        node.rules().raise(BlockEvent.PWRITEV_DONE);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        pass(BlockOp.DISCARD, offsetBytes, lengthBytes);
        below.discard(offsetBytes, lengthBytes);
    }

    @Override
    public void flush() {
        pass(BlockOp.FLUSH, 0, 0);
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
