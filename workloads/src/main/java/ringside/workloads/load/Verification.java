package ringside.workloads.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import ringside.workloads.job.JobVerify;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.BlockHeaders;

/** What a lane wrote, and whether it reads back. Confined to the lane's thread; allocates nothing until a block is wrong. */
final class Verification {
    private static final int EILSEQ = 84;
    private static final int DISK_SHIFT = 32;
    private static final int MOST_DUMPS = 16;

    private final JobVerify rule;
    private final BlockHeaders headers;

    /** The requests of the lane once more: what has to be read back, in the order in which it was written. */
    private final RequestSource again;

    private final boolean everyRead;
    private final int disk;

    /** Units that read back, by index. */
    private final boolean[] reading;

    private long written;
    private long checked;
    private long markedAt;
    private long left;
    private boolean stopped;
    private int dumped;
    private String wrong = "";

    private Verification(LaneSetup setup, BlockHeaders headers) {
        this.rule = setup.job().verify();
        this.headers = headers;
        this.again = new RequestSource(setup.job(), setup.region(), setup.seed(), setup.trace());
        this.disk = setup.place().disk();
        this.everyRead = !setup.job().rw().writes();
        int last =
                Arrays.stream(setup.units()).mapToInt(unit -> unit.index).max().orElse(0);
        this.reading = new boolean[last + 1];
    }

    /** The verification of a lane; empty when its job asks for none. */
    static Optional<Verification> of(LaneSetup setup) {
        JobVerify rule = setup.job().verify();
        if (!rule.isUsed()) {
            return Optional.empty();
        }
        LanePlace place = setup.place();
        // Of the job and not of the run, so that a later run with verify_only knows what this one wrote.
        long seed = SplitMix64.derive(setup.job().randseed(), ((long) place.disk() << DISK_SHIFT) + place.cloneIndex());
        return Optional.of(
                new Verification(setup, new BlockHeaders(rule, seed, place.cloneIndex() + 1, setup.units())));
    }

    /** The source begins again. */
    void restart() {
        again.restart();
        written = 0;
        checked = 0;
        markedAt = 0;
        left = 0;
    }

    /** A write's data are in its buffer. */
    void stamp(IoUnit unit) {
        headers.stamp(unit, written);
    }

    void wrote() {
        written++;
    }

    /** The last write was never submitted. */
    void takeBack() {
        written--;
    }

    /** Takes a completed read; returns whether it was one of the verification's own. A read that is wrong has failed. */
    boolean completed(IoUnit unit) {
        boolean own = reading[unit.index];
        reading[unit.index] = false;
        // Others of a job that writes, too, may find blocks that it has not written yet.
        if (unit.error == 0 && (own || everyRead)) {
            check(unit);
        }
        return own;
    }

    private void check(IoUnit unit) {
        String found = headers.check(unit);
        if (!found.isEmpty()) {
            unit.error = EILSEQ;
            dump(unit);
            if (wrong.isEmpty()) {
                wrong = found;
            }
            if (rule.fatal()) {
                stopped = true;
                left = 0;
            }
        }
    }

    /** Keeps a block that is wrong in a file, as fio calls it. */
    private void dump(IoUnit unit) {
        if (!rule.dumps() || dumped++ >= MOST_DUMPS) {
            return;
        }
        Path file = rule.dump()
                .resolveSibling(
                        rule.dump().getFileName() + "" + disk + "." + headers.wrongOffsetBytes(unit) + ".received");
        try {
            Files.write(file, headers.wrongBlock(unit));
        } catch (IOException e) {
            throw new UncheckedIOException("verify_dump: " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Whether a request is one of the verification's own. */
    boolean isOwn(IoUnit unit) {
        return unit.op == IoUnit.Op.READ && reading[unit.index];
    }

    /** A request will not be submitted. */
    void released(IoUnit unit) {
        reading[unit.index] = false;
    }

    /** Whether a block that is wrong ends the lane. */
    boolean fatal() {
        return rule.fatal();
    }

    /** What is wrong with the first wrong read; empty when nothing is. */
    String wrong() {
        return wrong;
    }

    /** Whether so much was written that some of it has to be read back before more is. */
    boolean isBacklogFull() {
        return rule.backlog() > 0 && written - markedAt >= rule.backlog();
    }

    /** Begins to read the backlog back. */
    void beginBacklog() {
        markedAt = written;
        int batch = rule.backlogBatch() == 0 ? rule.backlog() : rule.backlogBatch();
        left = stopped ? 0 : Math.min(batch, written - checked);
    }

    /** Begins to read back what was not yet; returns whether there is anything to read. */
    boolean begin() {
        left = rule.atEnd() && !stopped ? written - checked : 0;
        return left > 0;
    }

    boolean hasNext() {
        return left > 0;
    }

    /** Makes the next request that reads back. */
    void next(IoUnit unit) {
        left--;
        checked++;
        do {
            again.next(unit);
        } while (unit.op != IoUnit.Op.WRITE);
        unit.op = IoUnit.Op.READ;
        reading[unit.index] = true;
    }
}
