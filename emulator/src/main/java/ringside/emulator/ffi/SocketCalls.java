package ringside.emulator.ffi;

/**
 * The socket calls that ancillary data needs, in the kernel's convention: a result of 0 or more, or a negative errno.
 * The JDK's Unix-domain channels cannot pass file descriptors. Addresses are of host memory that the caller keeps. Any
 * thread; no allocation. Man pages: section 2 of the name.
 */
public final class SocketCalls {
    public static final int AF_UNIX = 1;
    public static final int SOL_SOCKET = 1;
    public static final int SCM_RIGHTS = 1;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    public static final int MSG_CTRUNC = 8;

    private static final SyscallNumbers NR = SyscallNumbers.ofThisMachine();
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SHUT_RDWR = 2;

    private SocketCalls() {}

    /** A Unix-domain stream socket(2). */
    public static int unixStreamSocket() {
        return (int) Syscall.call(NR.socket(), AF_UNIX, SOCK_STREAM_CLOEXEC, 0, 0, 0, 0);
    }

    /** connect(2). */
    public static int connect(int fd, long addressOfName, int nameBytes) {
        return (int) Syscall.call(NR.connect(), fd, addressOfName, nameBytes, 0, 0, 0);
    }

    /** bind(2). */
    public static int bind(int fd, long addressOfName, int nameBytes) {
        return (int) Syscall.call(NR.bind(), fd, addressOfName, nameBytes, 0, 0, 0);
    }

    /** listen(2). */
    public static int listen(int fd, int backlog) {
        return (int) Syscall.call(NR.listen(), fd, backlog, 0, 0, 0, 0);
    }

    /** accept4(2) without the peer's name. */
    public static int accept(int fd) {
        return (int) Syscall.call(NR.accept4(), fd, 0, 0, SOCK_CLOEXEC, 0, 0);
    }

    /** sendmsg(2) of a struct msghdr. A peer that hung up gives -EPIPE instead of a signal. */
    public static long sendmsg(int fd, long messageHeader) {
        return Syscall.call(NR.sendmsg(), fd, messageHeader, MSG_NOSIGNAL, 0, 0, 0);
    }

    /** recvmsg(2) into a struct msghdr; received descriptors are close-on-exec. */
    public static long recvmsg(int fd, long messageHeader) {
        return Syscall.call(NR.recvmsg(), fd, messageHeader, MSG_CMSG_CLOEXEC, 0, 0, 0);
    }

    /** shutdown(2) of both directions: a thread that waits in recvmsg returns. */
    public static int shutdown(int fd) {
        return (int) Syscall.call(NR.shutdown(), fd, SHUT_RDWR, 0, 0, 0, 0);
    }
}
