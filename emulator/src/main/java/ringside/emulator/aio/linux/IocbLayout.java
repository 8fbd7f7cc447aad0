package ringside.emulator.aio.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** {@code struct iocb} (linux/aio_abi.h), 64 bytes each, in an array. */
final class IocbLayout {
    static final int BYTES = 64;
    static final int IOCB_CMD_PREAD = 0;
    static final int IOCB_CMD_PWRITE = 1;
    static final int IOCB_CMD_FDSYNC = 3;
    static final int IOCB_CMD_PREADV = 7;
    static final int IOCB_CMD_PWRITEV = 8;

    private static final int IOCB_FLAG_RESFD = 1;
    private static final int KEY_AND_RW_FLAGS = 8;
    private static final int OPCODE_PRIO_AND_FD = 16;
    private static final int BUF = 24;
    private static final int NBYTES = 32;
    private static final int OFFSET = 40;
    private static final int FLAGS_AND_RESFD = 56;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;

    /** The two fields of the first word change places with the byte order. */
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private IocbLayout() {}

    /** What never changes: the index that comes back with the completion, and the eventfd that tells of it. */
    static void init(MemorySegment iocbs, int index, int eventFd) {
        if (!LITTLE) {
            throw new UnsupportedOperationException("aio=native is served on little-endian hosts");
        }
        long at = (long) index * BYTES;
        iocbs.set(U64, at, index);
        iocbs.set(U64, at + FLAGS_AND_RESFD, IOCB_FLAG_RESFD | (long) eventFd << 32);
    }

    static void put(
            MemorySegment iocbs, int index, int opcode, int fd, long address, long length, long offset, int rwFlags) {
        long at = (long) index * BYTES;
        iocbs.set(U64, at + KEY_AND_RW_FLAGS, (long) rwFlags << 32);
        iocbs.set(U64, at + OPCODE_PRIO_AND_FD, opcode | (long) fd << 32);
        iocbs.set(U64, at + BUF, address);
        iocbs.set(U64, at + NBYTES, length);
        iocbs.set(U64, at + OFFSET, offset);
    }
}
