package ringside.workloads.verify;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import ringside.workloads.job.JobVerify;
import ringside.workloads.job.VerifyMethod;
import ringside.workloads.unit.IoUnit;

/**
 * Blocks that tell whether they are what was written, in the form that fio 3.33 has on disk: a header of 40 bytes, the sum
 * of what follows, the data. fio checks what we wrote and we check what fio wrote, but for SHA-256 and SHA-512, of which fio
 * keeps parts of its working memory instead of the sum. One thread; stamping and checking do not allocate.
 */
public final class BlockHeaders {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int MAGIC = 0xACCA;
    private static final int HEADER_BYTES = VerifyMethod.HEADER_BYTES;
    private static final int TYPE_AT = 2;
    private static final int LENGTH_AT = 4;
    private static final int SEED_AT = 8;
    private static final int OFFSET_AT = 16;
    private static final int SECONDS_AT = 24;
    private static final int NANOS_AT = 28;
    private static final int THREAD_AT = 32;
    private static final int NUMBER_AT = 34;
    private static final int CRC_AT = 36;
    private static final int MOST_SUM_BYTES = 64;

    private final JobVerify rule;
    private final long seed;
    private final int thread;
    private final BlockSum sum;
    private final CRC32C headerCrc = new CRC32C();
    private final byte[] computed = new byte[MOST_SUM_BYTES];
    private final byte[] swapped = new byte[HEADER_BYTES + MOST_SUM_BYTES];
    private final byte[] pattern;
    private final ByteBuffer[] views;
    private int wrongAt;
    private int wrongBytes;

    /**
     * @param rule method and its parts
     * @param seed that a header must hold; with a pattern it is 0, as in fio
     * @param thread number of the clone, for people
     * @param units units whose buffers will be stamped and checked; their indexes count from the first one's
     */
    public BlockHeaders(JobVerify rule, long seed, int thread, IoUnit[] units) {
        this.rule = rule;
        this.seed = rule.pattern().isEmpty() ? seed : 0;
        this.thread = thread;
        this.sum = BlockSum.of(rule.method());
        this.pattern = rule.pattern().bytes();
        int last = 0;
        for (IoUnit unit : units) {
            last = Math.max(last, unit.index);
        }
        this.views = new ByteBuffer[last + 1];
        for (IoUnit unit : units) {
            views[unit.index] = unit.buffer.asByteBuffer();
        }
    }

    /**
     * Makes a write's data checkable; its buffer holds the data.
     *
     * @param number how many the clone wrote before
     */
    public void stamp(IoUnit unit, long number) {
        if (!rule.method().hasHeader()) {
            return;
        }
        int step = step(unit);
        for (int at = 0; at < unit.lengthBytes; at += step) {
            stamp(unit, at, Math.min(step, unit.lengthBytes - at), number);
        }
    }

    private int step(IoUnit unit) {
        return rule.intervalBytes() == 0 ? unit.lengthBytes : Math.min(rule.intervalBytes(), unit.lengthBytes);
    }

    private void stamp(IoUnit unit, int at, int length, long number) {
        MemorySegment block = unit.buffer;
        int sumBytes = rule.method().sumBytes();
        sum(unit, at, length);
        MemorySegment.copy(computed, 0, block, ValueLayout.JAVA_BYTE, at + HEADER_BYTES, sumBytes);
        block.set(SHORT, at, (short) MAGIC);
        block.set(SHORT, at + TYPE_AT, (short) rule.method().number());
        block.set(INT, at + LENGTH_AT, length);
        block.set(LONG, at + SEED_AT, seed);
        block.set(LONG, at + OFFSET_AT, unit.offsetBytes + at);
        block.set(INT, at + SECONDS_AT, 0);
        block.set(INT, at + NANOS_AT, (int) (System.nanoTime() & Integer.MAX_VALUE));
        block.set(SHORT, at + THREAD_AT, (short) thread);
        block.set(SHORT, at + NUMBER_AT, (short) number);
        block.set(INT, at + CRC_AT, headerCrc(unit, at));
        swapHeader(block, at);
    }

    /** Moves the header to verify_offset and what is there to the begin, or both back. */
    private void swapHeader(MemorySegment block, int at) {
        if (rule.offsetBytes() == 0) {
            return;
        }
        int bytes = HEADER_BYTES + rule.method().sumBytes();
        int away = at + rule.offsetBytes();
        MemorySegment.copy(block, ValueLayout.JAVA_BYTE, at, swapped, 0, bytes);
        MemorySegment.copy(block, away, block, at, bytes);
        MemorySegment.copy(swapped, 0, block, ValueLayout.JAVA_BYTE, away, bytes);
    }

    private void sum(IoUnit unit, int at, int length) {
        ByteBuffer view = views[unit.index];
        view.limit(at + length).position(at + HEADER_BYTES + rule.method().sumBytes());
        sum.of(view, computed);
    }

    private int headerCrc(IoUnit unit, int at) {
        ByteBuffer view = views[unit.index];
        view.limit(at + CRC_AT).position(at);
        headerCrc.reset();
        headerCrc.update(view);
        return ~(int) headerCrc.getValue();
    }

    /** Checks a read; what is wrong in a few words, or an empty text. */
    public String check(IoUnit unit) {
        if (rule.method() == VerifyMethod.PATTERN) {
            wrongAt = 0;
            wrongBytes = unit.lengthBytes;
            return matchesPattern(unit, 0, unit.lengthBytes) ? "" : "does not hold the pattern";
        }
        if (!rule.method().hasHeader()) {
            return "";
        }
        int step = step(unit);
        for (int at = 0; at < unit.lengthBytes; at += step) {
            String wrong = check(unit, at, Math.min(step, unit.lengthBytes - at));
            if (!wrong.isEmpty()) {
                wrongAt = at;
                wrongBytes = Math.min(step, unit.lengthBytes - at);
                swapHeader(unit.buffer, at); // as it was read
                return wrong;
            }
        }
        return "";
    }

    /** Where the block begins that the last check found wrong, in bytes on the disk. */
    public long wrongOffsetBytes(IoUnit unit) {
        return unit.offsetBytes + wrongAt;
    }

    /** The block that the last check found wrong, as it was read. */
    public byte[] wrongBlock(IoUnit unit) {
        byte[] block = new byte[wrongBytes];
        MemorySegment.copy(unit.buffer, ValueLayout.JAVA_BYTE, wrongAt, block, 0, wrongBytes);
        return block;
    }

    private String check(IoUnit unit, int at, int length) {
        MemorySegment block = unit.buffer;
        swapHeader(block, at);
        if ((block.get(SHORT, at) & 0xFFFF) != MAGIC) {
            return "has no header";
        }
        if (block.get(INT, at + CRC_AT) != headerCrc(unit, at)) {
            return "has a damaged header";
        }
        if (block.get(SHORT, at + TYPE_AT) != rule.method().number()) {
            return "was written with another verify=";
        }
        if (block.get(INT, at + LENGTH_AT) != length) {
            return "was written with another length";
        }
        if (block.get(LONG, at + OFFSET_AT) != unit.offsetBytes + at) {
            return "was written for another place";
        }
        if (rule.seeded() && block.get(LONG, at + SEED_AT) != seed) {
            return "was written by another run";
        }
        return checkData(unit, at, length);
    }

    private String checkData(IoUnit unit, int at, int length) {
        int sumBytes = rule.method().sumBytes();
        sum(unit, at, length);
        for (int i = 0; i < sumBytes; i++) {
            if (unit.buffer.get(ValueLayout.JAVA_BYTE, at + HEADER_BYTES + i) != computed[i]) {
                return "does not have the sum of its data";
            }
        }
        boolean told = pattern.length > 0 && rule.method() == VerifyMethod.META;
        return !told || matchesPattern(unit, at + HEADER_BYTES, length - HEADER_BYTES)
                ? ""
                : "does not hold the pattern";
    }

    private boolean matchesPattern(IoUnit unit, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (unit.buffer.get(ValueLayout.JAVA_BYTE, i) != pattern[i % pattern.length]) {
                return false;
            }
        }
        return true;
    }
}
