package ringside.emulator.aio.uring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct io_uring_sqe}, 64 bytes; the fields that Ringside uses.
 *
 * <pre>
 *   0        1       2        4     8       16      24     28          32          40
 *   | opcode | flags | ioprio | fd  | off   | addr  | len  | op flags  | user_data | ...
 *   | u8     | u8    | u16    | s32 | u64   | u64   | u32  | u32       | u64       |
 * </pre>
 */
final class SqeLayout {
    static final int BYTES = 64;

    private SqeLayout() {}

    static void put(
            MemorySegment sqes, int index, int opcode, int fd, long offset, long address, int length, int opFlags) {
        long base = (long) index * BYTES;
        sqes.set(ValueLayout.JAVA_LONG, base, (long) fd << 32 | opcode);
        sqes.set(ValueLayout.JAVA_LONG, base + 8, offset);
        sqes.set(ValueLayout.JAVA_LONG, base + 16, address);
        sqes.set(ValueLayout.JAVA_LONG, base + 24, (long) opFlags << 32 | Integer.toUnsignedLong(length));
        sqes.set(ValueLayout.JAVA_LONG, base + 40, 0L);
        sqes.set(ValueLayout.JAVA_LONG, base + 48, 0L);
        sqes.set(ValueLayout.JAVA_LONG, base + 56, 0L);
    }

    /** Lets an entry that was filled in name its file by an index. */
    static void useRegisteredFile(MemorySegment sqes, int index, int fileIndex) {
        long base = (long) index * BYTES;
        sqes.set(ValueLayout.JAVA_BYTE, base + 1, (byte) UringConstants.IOSQE_FIXED_FILE);
        sqes.set(ValueLayout.JAVA_INT, base + 4, fileIndex);
    }

    /** Says in which registered buffer the memory of an entry lies. */
    static void useRegisteredBuffer(MemorySegment sqes, int index, int bufferIndex) {
        sqes.set(ValueLayout.JAVA_SHORT, (long) index * BYTES + 40, (short) bufferIndex);
    }

    static void putUserData(MemorySegment sqes, int index, long userData) {
        sqes.set(ValueLayout.JAVA_LONG, (long) index * BYTES + 32, userData);
    }
}
