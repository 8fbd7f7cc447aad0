package ringside.workloads.trace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The kernel's {@code struct blk_io_trace} of 48 bytes in either byte order, each followed by {@code pdu_len} bytes that
 * are passed over: what {@code blkparse -d} writes, ordered by time.
 *
 * <pre>
 *   0  u32 magic, 0x65617400 and the version 7     28  u32 action: low half what, high half category
 *   4  u32 sequence                                32  u32 pid
 *   8  u64 time in ns                              36  u32 device
 *  16  u64 sector                                  40  u32 cpu
 *  24  u32 bytes                                   44  u16 error, u16 pdu_len
 * </pre>
 *
 * <p>As in fio, only requests that were queued count; notes and what merged them do not.
 */
final class BlktraceReader {
    private static final int MAGIC = 0x65617400;
    private static final int VERSION = 7;
    private static final int RECORD_BYTES = 48;
    private static final int TA_QUEUE = 1;
    private static final int TC_SHIFT = 16;
    private static final int TC_WRITE = 1 << 1;
    private static final int TC_FLUSH = 1 << 2;
    private static final int TC_NOTIFY = 1 << 10;
    private static final int TC_DISCARD = 1 << 13;

    private final Path file;
    private final TraceBuilder builder;
    private long records;

    BlktraceReader(Path file, TraceBuilder builder) {
        this.file = file;
        this.builder = builder;
    }

    static boolean recognises(byte[] head) {
        return head.length == Integer.BYTES
                && (isMagic(head, ByteOrder.LITTLE_ENDIAN) || isMagic(head, ByteOrder.BIG_ENDIAN));
    }

    private static boolean isMagic(byte[] head, ByteOrder order) {
        return (ByteBuffer.wrap(head).order(order).getInt() & 0xffffff00) == MAGIC;
    }

    Trace read(InputStream in, byte[] head) throws IOException {
        ByteOrder order = isMagic(head, ByteOrder.LITTLE_ENDIAN) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES).order(order);
        int got;
        while ((got = in.readNBytes(bytes.array(), 0, RECORD_BYTES)) > 0) {
            records++;
            if (got < RECORD_BYTES) {
                throw new TraceException(file, "the last of " + records + " records is cut off: copy the file again");
            }
            accept(bytes);
            skip(in, bytes.getShort(46) & 0xffff);
        }
        return builder.build();
    }

    private void skip(InputStream in, int pduBytes) throws IOException {
        try {
            in.skipNBytes(pduBytes);
        } catch (EOFException _) {
            throw new TraceException(file, "the last of " + records + " records is cut off: copy the file again");
        }
    }

    private void accept(ByteBuffer bytes) {
        int magic = bytes.getInt(0);
        if ((magic & 0xffffff00) != MAGIC || (magic & 0xff) != VERSION) {
            throw new TraceException(
                    file,
                    "record " + records + " is no blktrace record of version " + VERSION
                            + ": make the file with blkparse -d");
        }
        int action = bytes.getInt(28);
        int category = action >>> TC_SHIFT;
        if ((action & 0xffff) != TA_QUEUE || (category & TC_NOTIFY) != 0) {
            return;
        }
        long length = bytes.getInt(24) & 0xffffffffL;
        if ((category & TC_DISCARD) != 0) {
            add(bytes, TraceOp.TRIM, length);
        } else if ((category & TC_FLUSH) != 0 && length == 0) {
            add(bytes, TraceOp.SYNC, 0);
        } else if (length > 0) {
            add(bytes, (category & TC_WRITE) != 0 ? TraceOp.WRITE : TraceOp.READ, length);
        }
    }

    private void add(ByteBuffer bytes, TraceOp op, long length) {
        builder.add(records, bytes.getLong(8), op, bytes.getLong(16) * 512, length);
    }
}
