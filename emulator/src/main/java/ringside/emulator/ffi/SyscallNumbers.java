package ringside.emulator.ffi;

import java.util.Locale;

/** System call numbers and the few flags that differ between processor architectures (Linux, 64 bit). */
record SyscallNumbers(
        int read,
        int write,
        int close,
        int lseek,
        int mmap,
        int munmap,
        int ioctl,
        int pread,
        int pwrite,
        int madvise,
        int flock,
        int fsync,
        int fdatasync,
        int ftruncate,
        int gettid,
        int futex,
        int setAffinity,
        int getAffinity,
        int openat,
        int ppoll,
        int fallocate,
        int eventfd,
        int preadv2,
        int pwritev2,
        int prlimit,
        int memfdCreate,
        int statx,
        int socket,
        int connect,
        int accept4,
        int sendmsg,
        int recvmsg,
        int shutdown,
        int bind,
        int listen,
        int fcntl,
        int msync,
        int schedYield,
        int prctl,
        int ioSetup,
        int ioDestroy,
        int ioGetevents,
        int ioSubmit,
        int ioPgetevents,
        int getrusage,
        int epollCreate,
        int epollCtl,
        int epollPwait,
        int oDirect) {

    private static final SyscallNumbers X86_64 = new SyscallNumbers(
            0, 1, 3, 8, 9, 11, 16, 17, 18, 28, 73, 74, 75, 77, 186, 202, 203, 204, 257, 271, 285, 290, 327, 328, 302,
            319, 332, 41, 42, 288, 46, 47, 48, 49, 50, 72, 26, 24, 157, 206, 207, 208, 209, 333, 98, 291, 233, 281,
            0x4000);
    private static final SyscallNumbers AARCH64 = new SyscallNumbers(
            63, 64, 57, 62, 222, 215, 29, 67, 68, 233, 32, 82, 83, 46, 178, 98, 122, 123, 56, 73, 47, 19, 286, 287, 261,
            279, 291, 198, 203, 242, 211, 212, 210, 200, 201, 25, 227, 124, 167, 0, 1, 4, 2, 292, 165, 20, 21, 22,
            0x10000);

    /** The same on all architectures that got them together. */
    static final int IO_URING_SETUP = 425;

    static final int IO_URING_ENTER = 426;
    static final int IO_URING_REGISTER = 427;

    static SyscallNumbers ofThisMachine() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!os.equals("linux")) {
            throw new UnsupportedOperationException("Ringside runs on Linux only, this is " + os);
        }
        return switch (arch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> throw new UnsupportedOperationException("Ringside has no system call numbers for " + arch);
        };
    }
}
