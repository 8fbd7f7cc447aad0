package ringside.workloads.job;

import java.nio.file.Path;

/**
 * How a job's writes can be checked, and whether they are.
 *
 * @param method how
 * @param atEnd a clone that wrote reads everything back at its end (fio: do_verify)
 * @param only what an earlier run of the job wrote is checked, nothing is written (fio: verify_only)
 * @param fatal the first block that is wrong ends the clone (fio: verify_fatal)
 * @param intervalBytes a header every so many bytes (fio: verify_interval); 0: one per request
 * @param offsetBytes where a block's header stands; what belongs there stands at its begin instead (fio: verify_offset)
 * @param seeded whether a header must hold its job's seed (fio: verify_header_seed)
 * @param backlog writes after which blocks are read back (fio: verify_backlog); 0: only at the end
 * @param backlogBatch blocks that are read back then (fio: verify_backlog_batch); 0: as many
 * @param dump how the names of files begin that keep blocks that were wrong (fio: verify_dump); empty path: none
 * @param pattern what the blocks hold beside the header (fio: verify_pattern); empty: what the job writes anyway
 */
public record JobVerify(
        VerifyMethod method,
        boolean atEnd,
        boolean only,
        boolean fatal,
        int intervalBytes,
        int offsetBytes,
        boolean seeded,
        int backlog,
        int backlogBatch,
        Path dump,
        BytePattern pattern) {
    /** No file for blocks that were wrong. */
    public static final Path NO_DUMP = Path.of("");

    /** fio's default: no verification. */
    public static final JobVerify DEFAULT =
            new JobVerify(VerifyMethod.NONE, true, false, false, 0, 0, true, 0, 0, NO_DUMP, BytePattern.NONE);

    public JobVerify {
        if (method == VerifyMethod.PATTERN && pattern.isEmpty()) {
            throw new IllegalArgumentException("verify=pattern needs a pattern: add verify_pattern=0xHEX");
        }
        if (backlog > 0 && method == VerifyMethod.NONE) {
            throw new IllegalArgumentException("verify_backlog needs a method: add verify=crc32c");
        }
        if (backlogBatch > 0 && backlog == 0) {
            throw new IllegalArgumentException("verify_backlog_batch needs verify_backlog=N");
        }
        if (only && method == VerifyMethod.NONE) {
            throw new IllegalArgumentException("verify_only needs a method: add verify=crc32c");
        }
        if (offsetBytes > 0 && offsetBytes < headerBytes(method)) {
            throw new IllegalArgumentException("verify_offset=" + offsetBytes + " is inside the header of verify="
                    + method.label() + ": use at least " + headerBytes(method));
        }
    }

    /** How a job that writes is checked at its end, with one header per request and nothing else. */
    public static JobVerify of(VerifyMethod method, boolean atEnd) {
        return new JobVerify(method, atEnd, false, false, 0, 0, true, 0, 0, NO_DUMP, BytePattern.NONE);
    }

    /** Whether blocks that were wrong are kept. */
    public boolean dumps() {
        return !dump.equals(NO_DUMP);
    }

    /** With files for wrong blocks, if there are any, in a folder behind the beginning of a name. */
    public JobVerify in(Path folder, String beginning) {
        return dumps()
                ? new JobVerify(
                        method,
                        atEnd,
                        only,
                        fatal,
                        intervalBytes,
                        offsetBytes,
                        seeded,
                        backlog,
                        backlogBatch,
                        folder.resolve(beginning + dump.getFileName()),
                        pattern)
                : this;
    }

    private static int headerBytes(VerifyMethod method) {
        return method.hasHeader() ? VerifyMethod.HEADER_BYTES + method.sumBytes() : 0;
    }

    /** Throws IllegalArgumentException where a header would not stand within its block. */
    void checkRoom(BlockSizes bs) {
        if (offsetBytes == 0 || !method.hasHeader()) {
            return;
        }
        if (intervalBytes > 0 && !bs.isMultipleOf(intervalBytes)) {
            throw new IllegalArgumentException("verify_offset needs blocks of one size: make bs= a multiple of"
                    + " verify_interval=" + intervalBytes);
        }
        int blockBytes = intervalBytes > 0 ? intervalBytes : bs.minBytes();
        if (blockBytes - headerBytes(method) < offsetBytes) {
            throw new IllegalArgumentException("verify_offset=" + offsetBytes + " leaves no room for the header in "
                    + blockBytes + " bytes: use at most " + (blockBytes - headerBytes(method)));
        }
    }

    /** Whether blocks are prepared for checking. */
    public boolean isUsed() {
        return method != VerifyMethod.NONE;
    }
}
