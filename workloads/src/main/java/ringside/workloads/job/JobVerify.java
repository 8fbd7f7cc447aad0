package ringside.workloads.job;

/**
 * How a job's writes can be checked, and whether they are.
 *
 * @param method how
 * @param atEnd a clone that wrote reads everything back at its end (fio: do_verify)
 * @param only what an earlier run of the job wrote is checked, nothing is written (fio: verify_only)
 * @param fatal the first block that is wrong ends the clone (fio: verify_fatal)
 * @param intervalBytes a header every so many bytes (fio: verify_interval); 0: one per request
 * @param seeded whether a header must hold its job's seed (fio: verify_header_seed)
 * @param pattern what the blocks hold beside the header (fio: verify_pattern); empty: what the job writes anyway
 */
public record JobVerify(
        VerifyMethod method,
        boolean atEnd,
        boolean only,
        boolean fatal,
        int intervalBytes,
        boolean seeded,
        BytePattern pattern) {
    /** fio's default: no verification. */
    public static final JobVerify DEFAULT =
            new JobVerify(VerifyMethod.NONE, true, false, false, 0, true, BytePattern.NONE);

    public JobVerify {
        if (method == VerifyMethod.PATTERN && pattern.isEmpty()) {
            throw new IllegalArgumentException("verify=pattern needs a pattern: add verify_pattern=0xHEX");
        }
        if (only && method == VerifyMethod.NONE) {
            throw new IllegalArgumentException("verify_only needs a method: add verify=crc32c");
        }
    }

    /** Whether blocks are prepared for checking. */
    public boolean isUsed() {
        return method != VerifyMethod.NONE;
    }
}
