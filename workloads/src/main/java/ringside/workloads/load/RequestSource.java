package ringside.workloads.load;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import ringside.workloads.job.BlockSizes;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.pattern.DirectionMix;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.trace.Trace;
import ringside.workloads.trace.TraceSummary;
import ringside.workloads.unit.IoUnit;

/**
 * Decides what a lane does next and fills the unit in: direction, offset, length and, for a write, the contents.
 */
final class RequestSource {
    private final ReadWrite rw;
    private final DirectionMix mix;
    private final RequestShape shape;
    private final Replay replay;
    private final boolean timed;
    private final WriteContent content;
    private final boolean pairs;
    private final long limitIos;
    private long issued;
    private boolean trimmed;
    private long trimOffsetBytes;
    private int trimLengthBytes;

    RequestSource(JobSpec job, JobRegion.Resolved region, long seed) {
        this(job, region, seed, Optional.empty());
    }

    RequestSource(JobSpec job, JobRegion.Resolved region, long seed, Optional<Trace> trace) {
        this.rw = job.rw();
        this.mix = new DirectionMix(job.access().rwmixread(), SplitMix64.derive(seed, 0));
        this.shape = ShapeBuilder.build(job, region, seed);
        this.content = WriteContent.of(job, region, seed);
        this.pairs = rw.trims() && rw.writes() && trace.isEmpty();
        this.replay =
                trace.map(one -> new Replay(one, job.timing().timeBased())).orElse(null);
        this.timed = trace.isPresent() && !job.trace().rules().noStall();
        this.limitIos =
                job.region().numberIos() == 0 ? Long.MAX_VALUE : job.region().numberIos();
    }

    /** The directions this job uses; those of all its traces when it replays some. */
    static Set<IoUnit.Op> directions(JobSpec job) {
        if (!job.trace().isReplayed()) {
            return directions(job.rw());
        }
        Set<IoUnit.Op> used = EnumSet.noneOf(IoUnit.Op.class);
        for (TraceSummary summary : job.trace().summaries()) {
            add(used, summary.reads(), IoUnit.Op.READ);
            add(used, summary.writes(), IoUnit.Op.WRITE);
            add(used, summary.trims(), IoUnit.Op.TRIM);
        }
        return used;
    }

    private static void add(Set<IoUnit.Op> used, long requests, IoUnit.Op op) {
        if (requests > 0) {
            used.add(op);
        }
    }

    private static Set<IoUnit.Op> directions(ReadWrite rw) {
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

    /** Largest request this job makes, in bytes. */
    static int largestBytes(JobSpec job) {
        int largest = 0;
        for (IoUnit.Op op : directions(job)) {
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

    /** Whether neither the job's number of requests (fio: number_ios) nor its trace is at the end. */
    boolean hasNext() {
        return issued < limitIos && (replay == null || replay.hasNext());
    }

    /** Whether the job ends after a number of requests, or has a time for each. */
    boolean isLimited() {
        return limitIos != Long.MAX_VALUE || replay != null;
    }

    /** Whether each request has a time. */
    boolean isTimed() {
        return timed;
    }

    /** When the next request is due, in nanoseconds from the begin; only of a timed source that has one. */
    long dueNs() {
        return replay.dueNs();
    }

    /** Passes over what is due up to a moment, and tells how many requests that were; only of a timed source. */
    long skipUntil(long sinceNs) {
        long skipped = 0;
        while (hasNext() && replay.dueNs() <= sinceNs) {
            replay.skip();
            skipped++;
        }
        return skipped;
    }

    /** Fills in the next request. Its contents are made before the latency clock starts, as fio does it. */
    void next(IoUnit unit) {
        issued++;
        if (replay != null) {
            replay.next(unit);
        } else if (pairs) {
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
        if (replay != null) {
            replay.restart();
        }
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
