package ringside.emulator.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * System calls in the kernel's own convention: a result of 0 or more, or a negative errno. Buffers are host addresses;
 * the caller guarantees that they stay mapped for the call. Any thread. No method but those that take a path allocates.
 * Man pages: section 2 of the name.
 */
public final class LibC {
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_TRUNC = 0x200;
    public static final int O_CLOEXEC = 0x80000;
    public static final int RWF_DSYNC = 2;
    public static final int FALLOC_FL_KEEP_SIZE = 1;
    public static final int FALLOC_FL_PUNCH_HOLE = 2;
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;
    public static final int PROT_NONE = 0;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;
    public static final int MAP_POPULATE = 0x8000;
    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_HUGETLB = 4;
    public static final int MFD_HUGE_2MB = 21 << 26;
    public static final int LOCK_SH = 1;
    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;

    private static final SyscallNumbers NR = SyscallNumbers.ofThisMachine();
    private static final int AT_FDCWD = -100;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int RUSAGE_THREAD = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int FLOCK_BYTES = 32;
    private static final int O_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final int FUTEX_WAIT_PRIVATE = 128;
    private static final int FUTEX_WAKE_PRIVATE = 129;
    private static final long BLKSSZGET = 0x1268;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SCRATCH_BYTES = 64;

    /** Small per-thread scratch: a timespec at 0, an eventfd counter at 16, a pollfd at 24. Freed with the thread. */
    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(SCRATCH_BYTES, 8));

    private static final int SCRATCH_COUNTER = 16;
    private static final int SCRATCH_POLLFD = 24;

    private LibC() {}

    /** The flag for open(2) that bypasses the page cache on this architecture. */
    public static int oDirect() {
        return NR.oDirect();
    }

    /** open(2). Allocates. */
    public static int open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return (int) Syscall.call(NR.openat(), AT_FDCWD, name.address(), flags | O_CLOEXEC, mode, 0, 0);
        }
    }

    /** close(2). */
    public static int close(int fd) {
        return (int) Syscall.call(NR.close(), fd, 0, 0, 0, 0, 0);
    }

    /** pread(2). */
    public static long pread(int fd, long address, long lengthBytes, long offsetBytes) {
        return Syscall.call(NR.pread(), fd, address, lengthBytes, offsetBytes, 0, 0);
    }

    /** pwrite(2). */
    public static long pwrite(int fd, long address, long lengthBytes, long offsetBytes) {
        return Syscall.call(NR.pwrite(), fd, address, lengthBytes, offsetBytes, 0, 0);
    }

    /** preadv2(2); the address is that of an iovec array. */
    public static long preadv2(int fd, long iovAddress, int iovCount, long offsetBytes, int rwFlags) {
        return Syscall.call(NR.preadv2(), fd, iovAddress, iovCount, offsetBytes, 0, rwFlags);
    }

    /** pwritev2(2); the address is that of an iovec array. */
    public static long pwritev2(int fd, long iovAddress, int iovCount, long offsetBytes, int rwFlags) {
        return Syscall.call(NR.pwritev2(), fd, iovAddress, iovCount, offsetBytes, 0, rwFlags);
    }

    /** fsync(2). */
    public static int fsync(int fd) {
        return (int) Syscall.call(NR.fsync(), fd, 0, 0, 0, 0, 0);
    }

    /** fdatasync(2). */
    public static int fdatasync(int fd) {
        return (int) Syscall.call(NR.fdatasync(), fd, 0, 0, 0, 0, 0);
    }

    /** fallocate(2). */
    public static int fallocate(int fd, int mode, long offsetBytes, long lengthBytes) {
        return (int) Syscall.call(NR.fallocate(), fd, mode, offsetBytes, lengthBytes, 0, 0);
    }

    /** ftruncate(2). */
    public static int ftruncate(int fd, long lengthBytes) {
        return (int) Syscall.call(NR.ftruncate(), fd, lengthBytes, 0, 0, 0, 0);
    }

    /** Size in bytes of a file or a block device, by lseek(2) to its end. */
    public static long size(int fd) {
        return Syscall.call(NR.lseek(), fd, 0, SEEK_END, 0, 0, 0);
    }

    /** Start of the first data at or behind an offset (lseek(2), SEEK_DATA); -ENXIO where there is none. */
    public static long seekData(int fd, long offsetBytes) {
        return Syscall.call(NR.lseek(), fd, offsetBytes, SEEK_DATA, 0, 0, 0);
    }

    /** Start of the first hole at or behind an offset (lseek(2), SEEK_HOLE); the end of a file counts as one. */
    public static long seekHole(int fd, long offsetBytes) {
        return Syscall.call(NR.lseek(), fd, offsetBytes, SEEK_HOLE, 0, 0, 0);
    }

    /** flock(2). */
    public static int flock(int fd, int operation) {
        return (int) Syscall.call(NR.flock(), fd, operation, 0, 0, 0, 0);
    }

    /**
     * Takes a shared lock of one byte for the open file (fcntl(2), F_OFD_SETLK); gone when the last reference to that open
     * file is. Does not wait.
     */
    public static int ofdLockShared(int fd, long byteOffset) {
        return ofdLock(F_OFD_SETLK, fd, F_RDLCK, byteOffset);
    }

    /** Whether some other open file holds a lock of a byte (F_OFD_GETLK); 1 for yes, 0 for no, or a negative errno. */
    public static int ofdLockedByOthers(int fd, long byteOffset) {
        int result = ofdLock(F_OFD_GETLK, fd, F_WRLCK, byteOffset);
        return result < 0 ? result : SCRATCH.get().get(ValueLayout.JAVA_SHORT, 0) == F_UNLCK ? 0 : 1;
    }

    /** struct flock {type, whence, start, len, pid} at the begin of the scratch memory. */
    private static int ofdLock(int command, int fd, short type, long byteOffset) {
        MemorySegment lock = SCRATCH.get();
        lock.asSlice(0, FLOCK_BYTES).fill((byte) 0);
        lock.set(ValueLayout.JAVA_SHORT, 0, type);
        lock.set(ValueLayout.JAVA_LONG, 8, byteOffset);
        lock.set(ValueLayout.JAVA_LONG, 16, 1);
        return (int) Syscall.call(NR.fcntl(), fd, command, lock.address(), 0, 0, 0);
    }

    /** Logical block size of a block device in bytes (BLKSSZGET), or a negative errno (ENOTTY for a regular file). */
    public static int logicalBlockBytes(int fd) {
        MemorySegment scratch = SCRATCH.get();
        long result = Syscall.call(NR.ioctl(), fd, BLKSSZGET, scratch.address() + SCRATCH_COUNTER, 0, 0, 0);
        return result < 0 ? (int) result : scratch.get(ValueLayout.JAVA_INT, SCRATCH_COUNTER);
    }

    /** statx(2) of an open file into a buffer of 256 bytes. */
    public static int statx(int fd, int mask, long bufferAddress) {
        try (Arena arena = Arena.ofConfined()) {
            long empty = arena.allocateFrom("").address();
            return (int) Syscall.call(NR.statx(), fd, empty, 0x1000, mask, bufferAddress, 0);
        }
    }

    /** mmap(2) at an address of the kernel's choice. */
    public static long mmap(long lengthBytes, int protection, int flags, int fd, long offsetBytes) {
        return Syscall.call(NR.mmap(), 0, lengthBytes, protection, flags, fd, offsetBytes);
    }

    /** mmap(2) with MAP_FIXED: replaces what is mapped at the address. */
    public static long mmapAt(long address, long lengthBytes, int protection, int flags, int fd, long offsetBytes) {
        return Syscall.call(NR.mmap(), address, lengthBytes, protection, flags | MAP_FIXED, fd, offsetBytes);
    }

    /** munmap(2). */
    public static int munmap(long address, long lengthBytes) {
        return (int) Syscall.call(NR.munmap(), address, lengthBytes, 0, 0, 0, 0);
    }

    /** madvise(2). */
    public static int madvise(long address, long lengthBytes, int advice) {
        return (int) Syscall.call(NR.madvise(), address, lengthBytes, advice, 0, 0, 0);
    }

    /** memfd_create(2). Allocates. */
    public static int memfdCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    Syscall.call(NR.memfdCreate(), arena.allocateFrom(name).address(), flags | MFD_CLOEXEC, 0, 0, 0, 0);
        }
    }

    /** A non-blocking eventfd(2) with count 0. */
    public static int eventfd() {
        return (int) Syscall.call(NR.eventfd(), 0, EFD_CLOEXEC_NONBLOCK, 0, 0, 0, 0);
    }

    /** Adds 1 to an eventfd. */
    public static int eventfdSignal(int fd) {
        MemorySegment scratch = SCRATCH.get();
        scratch.set(ValueLayout.JAVA_LONG, SCRATCH_COUNTER, 1L);
        return (int) Syscall.call(NR.write(), fd, scratch.address() + SCRATCH_COUNTER, 8, 0, 0, 0);
    }

    /** Sets an eventfd to 0. Returns 8, or -EAGAIN when it was 0. */
    public static int eventfdDrain(int fd) {
        return (int) Syscall.call(NR.read(), fd, SCRATCH.get().address() + SCRATCH_COUNTER, 8, 0, 0, 0);
    }

    /**
     * ppoll(2).
     *
     * @param pollfds address of an array of struct pollfd
     * @param timeoutNs negative waits for ever
     */
    public static int ppoll(long pollfds, int count, long timeoutNs) {
        return (int) Syscall.call(NR.ppoll(), pollfds, count, timespec(timeoutNs), 0, 0, 0);
    }

    /** Waits until one descriptor is readable. Returns 1, 0 on time-out, or a negative errno (EINTR). */
    public static int waitReadable(int fd, long timeoutNs) {
        MemorySegment scratch = SCRATCH.get();
        scratch.set(ValueLayout.JAVA_INT, SCRATCH_POLLFD, fd);
        scratch.set(ValueLayout.JAVA_SHORT, SCRATCH_POLLFD + 4, (short) 1);
        return ppoll(scratch.address() + SCRATCH_POLLFD, 1, timeoutNs);
    }

    /** FUTEX_WAIT on process-private memory; negative time-out waits for ever. */
    public static int futexWait(long address, int expected, long timeoutNs) {
        return (int) Syscall.call(NR.futex(), address, FUTEX_WAIT_PRIVATE, expected, timespec(timeoutNs), 0, 0);
    }

    /** FUTEX_WAKE on process-private memory. Returns the number of threads woken. */
    public static int futexWake(long address, int threads) {
        return (int) Syscall.call(NR.futex(), address, FUTEX_WAKE_PRIVATE, threads, 0, 0, 0);
    }

    /** Makes a descriptor non-blocking (fcntl(2), O_NONBLOCK). The setting is shared with whoever shares the file. */
    public static int setNonBlocking(int fd) {
        long flags = Syscall.call(NR.fcntl(), fd, F_GETFL, 0, 0, 0, 0);
        return flags < 0 ? (int) flags : (int) Syscall.call(NR.fcntl(), fd, F_SETFL, flags | O_NONBLOCK, 0, 0, 0);
    }

    /** Another close-on-exec descriptor of the same open file (fcntl(2), F_DUPFD_CLOEXEC). */
    public static int duplicate(int fd) {
        return (int) Syscall.call(NR.fcntl(), fd, F_DUPFD_CLOEXEC, 0, 0, 0, 0);
    }

    /** Thread id of the calling thread, as in /proc. */
    public static int gettid() {
        return (int) Syscall.call(NR.gettid(), 0, 0, 0, 0, 0, 0);
    }

    /** sched_setaffinity(2) of the calling thread; the address is that of a CPU mask. */
    public static int schedSetAffinity(long maskAddress, int maskBytes) {
        return schedSetAffinity(0, maskAddress, maskBytes);
    }

    /** sched_setaffinity(2) of a thread by its id, 0 for the calling one; the address is that of a CPU mask. */
    public static int schedSetAffinity(int tid, long maskAddress, int maskBytes) {
        return (int) Syscall.call(NR.setAffinity(), tid, maskBytes, maskAddress, 0, 0, 0);
    }

    /** sched_getaffinity(2) of the calling thread. Returns the number of bytes written. */
    public static int schedGetAffinity(long maskAddress, int maskBytes) {
        return (int) Syscall.call(NR.getAffinity(), 0, maskBytes, maskAddress, 0, 0, 0);
    }

    /** getrusage(2) of the calling thread (RUSAGE_THREAD); the address is that of a struct rusage, 144 bytes. */
    public static int threadUsage(long usageAddress) {
        return (int) Syscall.call(NR.getrusage(), RUSAGE_THREAD, usageAddress, 0, 0, 0, 0);
    }

    /** Soft limit of a resource of this process (prlimit(2)); -1 read as unsigned is unlimited. */
    public static long softLimit(int resource) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(16, 8);
            long result = Syscall.call(NR.prlimit(), 0, resource, 0, limits.address(), 0, 0);
            return result < 0 ? result : limits.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** io_setup(2); the address is that of a context of 8 bytes, 0 before. */
    public static int ioSetup(int events, long contextAddress) {
        return (int) Syscall.call(NR.ioSetup(), events, contextAddress, 0, 0, 0, 0);
    }

    /** io_destroy(2). Waits for what is in flight. */
    public static int ioDestroy(long context) {
        return (int) Syscall.call(NR.ioDestroy(), context, 0, 0, 0, 0, 0);
    }

    /** io_submit(2); the address is that of an array of pointers to struct iocb. Returns how many were taken. */
    public static int ioSubmit(long context, int count, long pointersAddress) {
        return (int) Syscall.call(NR.ioSubmit(), context, count, pointersAddress, 0, 0, 0);
    }

    /** io_uring_setup(2). */
    public static int ioUringSetup(int entries, long paramsAddress) {
        return (int) Syscall.call(SyscallNumbers.IO_URING_SETUP, entries, paramsAddress, 0, 0, 0, 0);
    }

    /** io_uring_enter(2) without a signal mask. */
    public static int ioUringEnter(int fd, int toSubmit, int minComplete, int flags) {
        return (int) Syscall.call(SyscallNumbers.IO_URING_ENTER, fd, toSubmit, minComplete, flags, 0, 0);
    }

    /** io_uring_register(2). */
    public static int ioUringRegister(int fd, int opcode, long argument, int count) {
        return (int) Syscall.call(SyscallNumbers.IO_URING_REGISTER, fd, opcode, argument, count, 0, 0);
    }

    /** Address of this thread's timespec with the time-out, 0 (NULL) for none. */
    private static long timespec(long timeoutNs) {
        if (timeoutNs < 0) {
            return 0;
        }
        MemorySegment scratch = SCRATCH.get();
        scratch.set(ValueLayout.JAVA_LONG, 0, timeoutNs / NANOS_PER_SECOND);
        scratch.set(ValueLayout.JAVA_LONG, 8, timeoutNs % NANOS_PER_SECOND);
        return scratch.address();
    }
}
