package ringside.workloads.load;

import java.util.Optional;
import ringside.workloads.job.JobVerify;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.BlockHeaders;

/** What a lane wrote, and whether it reads back. Confined to the lane's thread; allocates nothing. */
final class Verification {
    private static final int EILSEQ = 84;
    private static final int DISK_SHIFT = 32;

    private final JobVerify rule;
    private final BlockHeaders headers;
    private long written;
    private long left;
    private String wrong = "";

    private Verification(JobVerify rule, BlockHeaders headers) {
        this.rule = rule;
        this.headers = headers;
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
        return Optional.of(new Verification(rule, new BlockHeaders(rule, seed, place.cloneIndex() + 1, setup.units())));
    }

    /** The source begins again. */
    void restart() {
        written = 0;
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

    /** Checks a read; one that is wrong has failed. */
    void check(IoUnit unit) {
        String found = headers.check(unit);
        if (!found.isEmpty()) {
            unit.error = EILSEQ;
            if (wrong.isEmpty()) {
                wrong = found;
            }
            if (rule.fatal()) {
                left = 0;
            }
        }
    }

    /** What is wrong with the first wrong read; empty when nothing is. */
    String wrong() {
        return wrong;
    }

    /** Begins to read back; returns whether there is anything to read. */
    boolean begin() {
        left = rule.atEnd() ? written : 0;
        return left > 0;
    }

    boolean hasNext() {
        return left > 0;
    }

    void next() {
        left--;
    }
}
