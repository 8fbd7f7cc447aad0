package ringside.emulator.localsocket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import ringside.emulator.ffi.LibC;

/**
 * A reused message: bytes, and the file descriptors that came or go with them. One thread at a time.
 *
 * <p>Received descriptors belong to the message until {@link #takeFd}; {@link #closeFds()} closes what nobody took.
 * Descriptors to be sent are borrowed.
 */
public abstract class FdMessage {
    /** Result of {@link #takeFd} where there is none. */
    public static final int NO_FD = -1;

    private final MemorySegment bytes;
    private final int[] fds;
    private int fdCount;
    private boolean surplusFds;

    /**
     * An empty message.
     *
     * @param capacityBytes most bytes, header included
     * @param maxFds most descriptors that a message of the protocol may carry
     */
    protected FdMessage(int capacityBytes, int maxFds) {
        bytes = Arena.ofAuto().allocate(capacityBytes, 8);
        fds = new int[maxFds];
    }

    /** Header and payload. */
    protected final MemorySegment bytes() {
        return bytes;
    }

    /** Number of descriptors. */
    public final int fdCount() {
        return fdCount;
    }

    /** Whether the sender attached more descriptors than any message may have; the surplus is closed. */
    public final boolean surplusFds() {
        return surplusFds;
    }

    /** Hands over a received descriptor, which then is the caller's to close; {@link #NO_FD} when there is none. */
    public final int takeFd(int index) {
        if (index >= fdCount) {
            return NO_FD;
        }
        int fd = fds[index];
        fds[index] = NO_FD;
        return fd;
    }

    /** Appends a descriptor to be sent; it stays the caller's. */
    protected final void addFd(int fd) {
        fds[fdCount++] = fd;
    }

    /** Closes the received descriptors that nobody took. */
    public final void closeFds() {
        for (int i = 0; i < fdCount; i++) {
            if (fds[i] != NO_FD) {
                LibC.close(fds[i]);
            }
        }
        forgetFds();
    }

    /** Forgets the descriptors without closing them: those that were sent are the sender's. */
    protected final void forgetFds() {
        Arrays.fill(fds, 0, fdCount, NO_FD);
        fdCount = 0;
        surplusFds = false;
    }

    /** Keeps a received descriptor, or closes it when there are too many. */
    final void received(int fd) {
        if (fdCount < fds.length) {
            fds[fdCount++] = fd;
        } else {
            surplusFds = true;
            LibC.close(fd);
        }
    }

    final void truncatedFds() {
        surplusFds = true;
    }

    final int fd(int index) {
        return fds[index];
    }

    final int maxFds() {
        return fds.length;
    }
}
