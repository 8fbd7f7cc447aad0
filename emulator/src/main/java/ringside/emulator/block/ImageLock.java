package ringside.emulator.block;

import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/**
 * Keeps an image from being written by two. Two kinds of locks, both of the open file, so that they end with its last
 * request even when the process was killed:
 *
 * <ul>
 *   <li>flock(2), for whoever uses that;
 *   <li>QEMU's (block/file-posix.c): a shared lock on byte 100 + p says "I use permission p", one on byte 200 + p "I do
 *       not share permission p". Whoever finds a lock of the other kind on its permission stays away. So a running
 *       virtual machine, qemu-img and qemu-storage-daemon see us, and we see them.
 * </ul>
 */
final class ImageLock {
    private static final int USED_BASE = 100;
    private static final int UNSHARED_BASE = 200;

    /** QEMU: BLK_PERM_CONSISTENT_READ, BLK_PERM_WRITE, BLK_PERM_RESIZE, as bit numbers. */
    private static final int READ = 0;

    private static final int WRITE = 1;
    private static final int RESIZE = 3;

    private ImageLock() {}

    /**
     * Locks an image as a virtual disk: a reader wants nobody to write, a writer wants to be the only one.
     *
     * @throws ImageInUseException when somebody else uses it in a way that does not fit
     */
    static void acquire(BlockNodeSpec.Raw spec, int fd) {
        int operation = (spec.readOnly() ? LibC.LOCK_SH : LibC.LOCK_EX) | LibC.LOCK_NB;
        if (LibC.flock(fd, operation) == -Errno.EAGAIN) {
            throw inUse(spec);
        }
        boolean supported = LibC.ofdLockShared(fd, USED_BASE + READ) == 0;
        if (!supported) {
            return; // a file system without such locks, where QEMU has none either
        }
        if (!spec.readOnly()) {
            LibC.ofdLockShared(fd, USED_BASE + WRITE);
        }
        LibC.ofdLockShared(fd, UNSHARED_BASE + WRITE);
        LibC.ofdLockShared(fd, UNSHARED_BASE + RESIZE);
        if (taken(fd, UNSHARED_BASE + READ)
                || taken(fd, USED_BASE + WRITE)
                || taken(fd, USED_BASE + RESIZE)
                || !spec.readOnly() && taken(fd, UNSHARED_BASE + WRITE)) {
            throw inUse(spec);
        }
    }

    private static boolean taken(int fd, int position) {
        return LibC.ofdLockedByOthers(fd, position) == 1;
    }

    private static ImageInUseException inUse(BlockNodeSpec.Raw spec) {
        return new ImageInUseException("image " + spec.file()
                + ": is in use by another disk or process; close that, or open it read-only on both sides");
    }
}
