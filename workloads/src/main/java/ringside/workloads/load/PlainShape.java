package ringside.workloads.load;

import ringside.workloads.job.BlockSizes;
import ringside.workloads.pattern.OffsetGenerator;
import ringside.workloads.unit.IoUnit;

/** One size per direction, and offsets that are all sequential or all random: the quick way. */
final class PlainShape implements RequestShape {
    private final int readBytes;
    private final int writeBytes;
    private final int trimBytes;
    private final OffsetGenerator reads;
    private final OffsetGenerator writes;
    private final OffsetGenerator trims;

    PlainShape(BlockSizes bs, OffsetGenerator reads, OffsetGenerator writes, OffsetGenerator trims) {
        this.readBytes = bs.readBytes();
        this.writeBytes = bs.writeBytes();
        this.trimBytes = bs.trimBytes();
        this.reads = reads;
        this.writes = writes;
        this.trims = trims;
    }

    @Override
    public void place(IoUnit unit, IoUnit.Op op) {
        unit.op = op;
        switch (op) {
            case READ -> set(unit, reads.next(), readBytes);
            case WRITE -> set(unit, writes.next(), writeBytes);
            case TRIM -> set(unit, trims.next(), trimBytes);
            case FLUSH -> set(unit, 0, 0);
        }
    }

    private static void set(IoUnit unit, long offsetBytes, int lengthBytes) {
        unit.offsetBytes = offsetBytes;
        unit.lengthBytes = lengthBytes;
    }

    @Override
    public void restart() {
        reads.restart();
        writes.restart();
        trims.restart();
    }
}
