package ringside.emulator.aio.uring;

import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.NativeException;

/** Why the host refuses io_uring, with the remedy. */
final class UringRefusal {
    private UringRefusal() {}

    static NativeException of(int errno) {
        String remedy = switch (errno) {
            case Errno.ENOSYS -> "this kernel has no usable io_uring; use aio=threads, or Linux 5.6 or later";
            case Errno.EPERM, Errno.EACCES ->
                "io_uring is forbidden here; set kernel.io_uring_disabled=0 or allow it in the container's"
                        + " seccomp profile, use aio=threads, or permit aio-fallback";
            case Errno.ENOMEM -> "the memlock limit is too low for the rings; raise it (ulimit -l)";
            default -> "use aio=threads";
        };
        return new NativeException("io_uring_setup failed: " + Errno.describe(errno) + "; " + remedy, errno);
    }
}
