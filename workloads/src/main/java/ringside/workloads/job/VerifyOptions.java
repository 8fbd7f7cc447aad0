package ringside.workloads.job;

import java.nio.file.Path;

/** What is written so that it can be checked, and how it is. */
final class VerifyOptions extends OptionGroup {
    private static final int SECTOR = 512;

    private VerifyMethod method = VerifyMethod.NONE;
    private boolean atEnd = true;
    private boolean only;
    private boolean fatal;
    private int intervalBytes;
    private int offsetBytes;
    private boolean seeded = true;
    private int backlog;
    private int backlogBatch;
    private Path dump = JobVerify.NO_DUMP;
    private BytePattern pattern = BytePattern.NONE;

    VerifyOptions() {
        option("verify", value -> method = VerifyMethod.of(value));
        flag("do_verify", value -> atEnd = value);
        flag("verify_only", value -> only = value);
        flag("verify_fatal", value -> fatal = value);
        option("verify_interval", this::interval);
        option("verify_offset", this::offset);
        option(
                "verify_backlog",
                value -> backlog = (int) FioUnits.integer("verify_backlog", value, 0, Integer.MAX_VALUE));
        option(
                "verify_backlog_batch",
                value -> backlogBatch = (int) FioUnits.integer("verify_backlog_batch", value, 0, Integer.MAX_VALUE));
        flag("verify_dump", value -> dump = value ? Path.of("disk") : JobVerify.NO_DUMP);
        flag("verify_header_seed", value -> seeded = value);
        option("verify_pattern", value -> pattern = BytePattern.parse("verify_pattern", value));
    }

    private void interval(String value) {
        long bytes = FioUnits.bytes("verify_interval", value);
        if (bytes < SECTOR || bytes % SECTOR != 0 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("verify_interval=" + value + " must be a multiple of 512");
        }
        intervalBytes = (int) bytes;
    }

    private void offset(String value) {
        long bytes = FioUnits.bytes("verify_offset", value);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("verify_offset=" + value + " is larger than any block");
        }
        offsetBytes = (int) bytes;
    }

    JobVerify verify() {
        return new JobVerify(
                method, atEnd, only, fatal, intervalBytes, offsetBytes, seeded, backlog, backlogBatch, dump, pattern);
    }

    /** The direction that a job has when it only checks what was written before. */
    ReadWrite direction(ReadWrite rw) {
        JobVerify verify = verify();
        if (verify.isUsed() && rw.trims()) {
            throw new IllegalArgumentException(
                    "verify= needs a job that writes or reads, and rw is " + rw.label() + ": split the job");
        }
        if (verify.only() && rw.reads() && rw.writes()) {
            throw new IllegalArgumentException("verify_only needs a job that writes or one that reads, and rw is "
                    + rw.label() + ": use its do_verify instead");
        }
        if (!verify.only() || !rw.writes()) {
            return rw;
        }
        return rw.isRandom() ? ReadWrite.RANDREAD : ReadWrite.READ;
    }

    /** What the job writes: the pattern of the verification where there is one. */
    JobContent content(JobContent asked) {
        if (pattern.isEmpty()) {
            return asked;
        }
        if (!asked.pattern().isEmpty() || asked.zero() || asked.compressPercent() > 0 || asked.dedupePercent() > 0) {
            throw new IllegalArgumentException(
                    "verify_pattern says what is written: leave other options of the contents out");
        }
        return new JobContent(false, false, asked.scramble(), pattern, 0, JobContent.DEFAULT_CHUNK_BYTES, 0, 0);
    }
}
