package ringside.emulator.aio.uring;

/** Numbers and offsets of io_uring's interface to the kernel (linux/io_uring.h). */
final class UringConstants {
    static final int IORING_OP_READV = 1;
    static final int IORING_OP_WRITEV = 2;
    static final int IORING_OP_FSYNC = 3;
    static final int IORING_OP_READ_FIXED = 4;
    static final int IORING_OP_WRITE_FIXED = 5;
    static final int IORING_OP_FALLOCATE = 17;
    static final int IORING_OP_READ = 22;
    static final int IORING_OP_WRITE = 23;

    static final int IORING_FSYNC_DATASYNC = 1;
    /** Flag of an entry: its file is an index into the registered files. */
    static final int IOSQE_FIXED_FILE = 1;

    static final int IORING_REGISTER_BUFFERS = 0;
    static final int IORING_UNREGISTER_BUFFERS = 1;
    static final int IORING_REGISTER_FILES = 2;
    static final int IORING_REGISTER_FILES_UPDATE = 6;
    static final int IORING_ENTER_GETEVENTS = 1;
    static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;
    static final int IORING_SQ_NEED_WAKEUP = 1;
    static final int IORING_SETUP_IOPOLL = 1;
    static final int IORING_SETUP_SQPOLL = 1 << 1;
    static final int IORING_SETUP_CLAMP = 1 << 4;
    static final int IORING_FEAT_SINGLE_MMAP = 1;

    static final long IORING_OFF_SQ_RING = 0;
    static final long IORING_OFF_SQES = 0x1000_0000L;

    /** struct io_uring_params. */
    static final int PARAMS_BYTES = 120;

    static final int PARAMS_SQ_ENTRIES = 0;
    static final int PARAMS_CQ_ENTRIES = 4;
    static final int PARAMS_FLAGS = 8;
    static final int PARAMS_SQ_THREAD_IDLE = 16;
    static final int PARAMS_FEATURES = 20;
    static final int PARAMS_SQ_OFF = 40;
    static final int PARAMS_CQ_OFF = 80;

    /** Offsets inside sq_off. */
    static final int SQ_HEAD = 0;

    static final int SQ_TAIL = 4;
    static final int SQ_MASK = 8;
    static final int SQ_FLAGS = 16;
    static final int SQ_ARRAY = 24;

    /** Offsets inside cq_off. */
    static final int CQ_HEAD = 0;

    static final int CQ_TAIL = 4;
    static final int CQ_MASK = 8;
    static final int CQ_CQES = 20;

    private UringConstants() {}
}
