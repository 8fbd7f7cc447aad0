package ringside.workloads.load;

import java.util.EnumSet;
import java.util.Set;
import ringside.workloads.job.BlockSizes;
import ringside.workloads.job.JobAccess;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.pattern.DirectionMix;
import ringside.workloads.pattern.OffsetGenerator;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.WriteStamp;

/**
 * Decides what a lane does next and fills the unit in: direction, offset, length and, for a write, the stamps.
 *
 * <p>As in fio, sequential reads and writes of one job each have their own position. Random reads and writes share one
 * random map when their block sizes are equal, so that the two together touch each block once.
 */
final class RequestSource {
    private final ReadWrite rw;
    private final BlockSizes bs;
    private final DirectionMix mix;
    private final OffsetGenerator reads;
    private final OffsetGenerator writes;
    private final OffsetGenerator trims;
    private final WriteStamp stamp;

    RequestSource(JobSpec job, JobRegion.Resolved region, long seed) {
        this.rw = job.rw();
        this.bs = job.bs();
        this.mix = new DirectionMix(job.access().rwmixread(), SplitMix64.derive(seed, 0));
        this.reads = offsets(job.access(), region, bs.readBytes(), SplitMix64.derive(seed, 1));
        boolean shared = rw.isRandom() && bs.readBytes() == bs.writeBytes();
        this.writes = shared ? reads : offsets(job.access(), region, bs.writeBytes(), SplitMix64.derive(seed, 2));
        this.trims = offsets(job.access(), region, bs.trimBytes(), SplitMix64.derive(seed, 3));
        this.stamp = new WriteStamp(seed);
    }

    private static OffsetGenerator offsets(JobAccess access, JobRegion.Resolved region, int block, long seed) {
        long offset = region.offsetBytes();
        long size = region.sizeBytes();
        if (!access.rw().isRandom()) {
            return OffsetGenerator.sequential(offset, size, block);
        }
        return access.norandommap()
                ? OffsetGenerator.uniform(offset, size, block, seed)
                : OffsetGenerator.permuted(offset, size, block, seed);
    }

    /** The directions this job uses. */
    static Set<IoUnit.Op> directions(ReadWrite rw) {
        Set<IoUnit.Op> used = EnumSet.noneOf(IoUnit.Op.class);
        if (rw.reads()) {
            used.add(IoUnit.Op.READ);
        }
        if (rw.writes()) {
            used.add(IoUnit.Op.WRITE);
        }
        if (rw.trims()) {
            used.add(IoUnit.Op.TRIM);
        }
        return used;
    }

    /** Bytes a buffer of this job needs: those of its largest request that moves data, at least one sector. */
    static int bufferBytes(JobSpec job) {
        int reads = job.rw().reads() ? job.bs().readBytes() : 0;
        int writes = job.rw().writes() ? job.bs().writeBytes() : 0;
        return Math.max(WriteStamp.SECTOR_BYTES, Math.max(reads, writes));
    }

    /** Largest request this job makes, in bytes. */
    static int largestBytes(JobSpec job) {
        int largest = 0;
        for (IoUnit.Op op : directions(job.rw())) {
            largest = Math.max(largest, lengthOf(job.bs(), op));
        }
        return largest;
    }

    /** Fills the buffers that writes will be made from; before the load starts. */
    void fill(IoUnit[] units) {
        if (rw.writes()) {
            for (IoUnit unit : units) {
                stamp.fill(unit.buffer, unit.index);
            }
        }
    }

    /** Fills in the next request. The stamps are made before the latency clock starts, as fio does it. */
    void next(IoUnit unit) {
        if (rw.trims()) {
            set(unit, IoUnit.Op.TRIM, trims.next(), bs.trimBytes());
        } else if (rw.reads() && (!rw.writes() || mix.nextReads())) {
            set(unit, IoUnit.Op.READ, reads.next(), bs.readBytes());
        } else {
            set(unit, IoUnit.Op.WRITE, writes.next(), bs.writeBytes());
            stamp.stamp(unit.buffer, unit.index, unit.offsetBytes, unit.lengthBytes);
        }
    }

    /** Starts the offsets again. */
    void restart() {
        reads.restart();
        writes.restart();
        trims.restart();
    }

    private static void set(IoUnit unit, IoUnit.Op op, long offsetBytes, int lengthBytes) {
        unit.op = op;
        unit.offsetBytes = offsetBytes;
        unit.lengthBytes = lengthBytes;
    }

    private static int lengthOf(BlockSizes bs, IoUnit.Op op) {
        return switch (op) {
            case READ -> bs.readBytes();
            case WRITE -> bs.writeBytes();
            case TRIM -> bs.trimBytes();
            case FLUSH -> 0;
        };
    }
}
