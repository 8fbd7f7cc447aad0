package ringside.workloads.load;

import java.util.EnumSet;
import java.util.Set;
import ringside.workloads.job.BlockSizes;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.pattern.DirectionMix;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.WriteStamp;

/**
 * Decides what a lane does next and fills the unit in: direction, offset, length and, for a write, the contents.
 */
final class RequestSource {
    private final ReadWrite rw;
    private final DirectionMix mix;
    private final RequestShape shape;
    private final WriteContent content;
    private final boolean pairs;
    private final long limitIos;
    private long issued;
    private boolean trimmed;
    private long trimOffsetBytes;
    private int trimLengthBytes;

    RequestSource(JobSpec job, JobRegion.Resolved region, long seed) {
        this.rw = job.rw();
        this.mix = new DirectionMix(job.access().rwmixread(), SplitMix64.derive(seed, 0));
        this.shape = ShapeBuilder.build(job, region, seed);
        this.content = WriteContent.of(job, region, seed);
        this.pairs = rw.trims() && rw.writes();
        this.limitIos =
                job.region().numberIos() == 0 ? Long.MAX_VALUE : job.region().numberIos();
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
        ReadWrite rw = job.rw();
        int reads = rw.reads() ? job.bs().readBytes() : 0;
        int writes = rw.writes() ? job.bs().writeBytes() : 0;
        int pairs = rw.writes() && rw.trims() ? job.bs().trimBytes() : 0;
        return Math.max(WriteStamp.SECTOR_BYTES, Math.max(pairs, Math.max(reads, writes)));
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
            content.fill(units);
        }
    }

    /** Whether the job's number of requests has not been reached yet (fio: number_ios). */
    boolean hasNext() {
        return issued < limitIos;
    }

    /** Whether the job ends after a number of requests. */
    boolean isLimited() {
        return limitIos != Long.MAX_VALUE;
    }

    /** Fills in the next request. Its contents are made before the latency clock starts, as fio does it. */
    void next(IoUnit unit) {
        issued++;
        if (pairs) {
            nextOfPair(unit);
        } else if (rw.trims()) {
            shape.place(unit, IoUnit.Op.TRIM);
        } else if (rw.reads() && (!rw.writes() || mix.nextReads())) {
            shape.place(unit, IoUnit.Op.READ);
        } else {
            shape.place(unit, IoUnit.Op.WRITE);
        }
        if (unit.op == IoUnit.Op.WRITE) {
            content.prepare(unit);
        }
    }

    /** Starts the offsets again. */
    void restart() {
        mix.restart();
        shape.restart();
        issued = 0;
        trimmed = false;
    }

    /** A discard, then the write of the same bytes. */
    private void nextOfPair(IoUnit unit) {
        if (trimmed) {
            unit.op = IoUnit.Op.WRITE;
            unit.offsetBytes = trimOffsetBytes;
            unit.lengthBytes = trimLengthBytes;
        } else {
            shape.place(unit, IoUnit.Op.TRIM);
            trimOffsetBytes = unit.offsetBytes;
            trimLengthBytes = unit.lengthBytes;
        }
        trimmed = !trimmed;
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
