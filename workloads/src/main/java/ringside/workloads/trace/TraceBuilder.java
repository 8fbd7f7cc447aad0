package ringside.workloads.trace;

import java.nio.file.Path;
import java.util.Arrays;

/** Collects the requests of a trace and applies the rules to each. */
final class TraceBuilder {
    private static final int SECTOR_BYTES = 512;
    private static final int MAX_LENGTH_BYTES = 1 << 30;
    private static final int MAX_REQUESTS = 1 << 28;

    private final Path file;
    private final TraceRules rules;
    private long[] timesNs = new long[1024];
    private long[] offsets = new long[1024];
    private int[] lengths = new int[1024];
    private byte[] ops = new byte[1024];
    private int size;
    private int data;

    TraceBuilder(Path file, TraceRules rules) {
        this.file = file;
        this.rules = rules;
    }

    /**
     * Adds a request unless it is skipped.
     *
     * @param place line or record, for errors
     * @param timeNs when it happened, on any clock
     * @throws TraceException when the request does not fit a disk
     */
    void add(long place, long timeNs, TraceOp op, long offsetBytes, long lengthBytes) {
        if (rules.skip().contains(op)) {
            return;
        }
        long offset = op == TraceOp.SYNC ? 0 : aligned(offsetBytes / rules.scale(), false);
        long length = op == TraceOp.SYNC ? 0 : aligned(lengthBytes, true);
        if (op != TraceOp.SYNC) {
            check(place, offset, length);
            data++;
        }
        grow();
        timesNs[size] = size == 0 ? timeNs : Math.max(timesNs[size - 1], timeNs);
        offsets[size] = offset;
        lengths[size] = (int) length;
        ops[size] = (byte) op.ordinal();
        size++;
    }

    private long aligned(long bytes, boolean up) {
        long align = rules.alignBytes();
        if (align == 0) {
            return bytes;
        }
        return (up ? bytes + align - 1 : bytes) & -align;
    }

    private void check(long place, long offset, long length) {
        if (length < 1 || length > MAX_LENGTH_BYTES) {
            throw new TraceException(file, place, "a request of " + length + " bytes: it must have 1 byte to 1 GiB");
        }
        if (offset < 0 || offset % SECTOR_BYTES != 0 || length % SECTOR_BYTES != 0) {
            throw new TraceException(
                    file,
                    place,
                    "offset " + offset + " and length " + length
                            + " are not multiples of 512: a disk has 512-byte sectors, set replay_align=512");
        }
    }

    private void grow() {
        if (size == MAX_REQUESTS) {
            throw new TraceException(file, "more than " + MAX_REQUESTS + " requests: split the trace");
        }
        if (size == ops.length) {
            int more = Math.min(MAX_REQUESTS, 2 * size);
            timesNs = Arrays.copyOf(timesNs, more);
            offsets = Arrays.copyOf(offsets, more);
            lengths = Arrays.copyOf(lengths, more);
            ops = Arrays.copyOf(ops, more);
        }
    }

    Trace build(long beginNs) {
        if (data == 0) {
            throw new TraceException(file, "no read, write or trim to replay: check replay_skip and the file");
        }
        long[] times = Arrays.copyOf(timesNs, size);
        for (int i = 0; i < size; i++) {
            times[i] = rules.noStall() ? 0 : scaled(times[i] - beginNs);
        }
        return new Trace(times, Arrays.copyOf(offsets, size), Arrays.copyOf(lengths, size), Arrays.copyOf(ops, size));
    }

    /** The clock of the first request is the begin of the replay. */
    Trace build() {
        return build(timesNs[0]);
    }

    private long scaled(long ns) {
        return rules.timeScalePercent() == 100 ? ns : (long) (ns * 100.0 / rules.timeScalePercent());
    }
}
