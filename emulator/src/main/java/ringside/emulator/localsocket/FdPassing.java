package ringside.emulator.localsocket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.emulator.ffi.SocketCalls;

/**
 * The only place that sends or receives file descriptors (SCM_RIGHTS, unix(7)). Layouts: struct msghdr {name, namelen,
 * iov, iovlen, control, controllen, flags}, struct iovec {base, len}, struct cmsghdr {len, level, type}. One thread at a
 * time.
 */
final class FdPassing {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;
    private static final int IOV_AT = 16;
    private static final int IOVLEN_AT = 24;
    private static final int CONTROL_AT = 32;
    private static final int CONTROLLEN_AT = 40;
    private static final int MSGHDR_FLAGS_AT = 48;
    private static final int MSGHDR_BYTES = 56;
    private static final int CMSG_HEADER_BYTES = 16;

    /** Room for more than any protocol here allows, so that a surplus is seen and closed here. */
    private static final int ROOM_FDS = 32;

    private static final int CONTROL_BYTES = CMSG_HEADER_BYTES + ROOM_FDS * Integer.BYTES;

    private final MemorySegment header = Arena.ofAuto().allocate(MSGHDR_BYTES, 8);
    private final MemorySegment iovec = Arena.ofAuto().allocate(16, 8);
    private final MemorySegment control = Arena.ofAuto().allocate(CONTROL_BYTES, 8);

    /** Sends bytes of the message from an offset on; descriptors go with the first ones. Returns as sendmsg(2). */
    long send(int socket, FdMessage message, long from, long lengthBytes) {
        prepare(message, from, lengthBytes);
        int fds = from == 0 ? message.fdCount() : 0;
        if (fds > 0) {
            long cmsgBytes = CMSG_HEADER_BYTES + (long) fds * Integer.BYTES;
            control.set(I64, 0, cmsgBytes);
            control.set(I32, 8, SocketCalls.SOL_SOCKET);
            control.set(I32, 12, SocketCalls.SCM_RIGHTS);
            for (int i = 0; i < fds; i++) {
                control.set(I32, CMSG_HEADER_BYTES + (long) i * Integer.BYTES, message.fd(i));
            }
            header.set(I64, CONTROL_AT, control.address());
            header.set(I64, CONTROLLEN_AT, (cmsgBytes + 7) & -8);
        }
        return SocketCalls.sendmsg(socket, header.address());
    }

    /** Receives bytes into the message from an offset on, and descriptors. Returns as recvmsg(2). */
    long receive(int socket, FdMessage message, long from, long lengthBytes) {
        prepare(message, from, lengthBytes);
        header.set(I64, CONTROL_AT, control.address());
        header.set(I64, CONTROLLEN_AT, CONTROL_BYTES);
        long result = SocketCalls.recvmsg(socket, header.address());
        if (result >= 0) {
            collect(message);
        }
        return result;
    }

    private void prepare(FdMessage message, long from, long lengthBytes) {
        header.fill((byte) 0);
        iovec.set(I64, 0, message.bytes().address() + from);
        iovec.set(I64, 8, lengthBytes);
        header.set(I64, IOV_AT, iovec.address());
        header.set(I64, IOVLEN_AT, 1);
    }

    private void collect(FdMessage message) {
        if ((header.get(I32, MSGHDR_FLAGS_AT) & SocketCalls.MSG_CTRUNC) != 0) {
            message.truncatedFds();
        }
        long end = header.get(I64, CONTROLLEN_AT);
        long at = 0;
        while (at + CMSG_HEADER_BYTES <= end) {
            long bytes = control.get(I64, at);
            if (bytes < CMSG_HEADER_BYTES || at + bytes > end) {
                return;
            }
            boolean rights = control.get(I32, at + 8) == SocketCalls.SOL_SOCKET
                    && control.get(I32, at + 12) == SocketCalls.SCM_RIGHTS;
            for (long fdAt = at + CMSG_HEADER_BYTES;
                    rights && fdAt + Integer.BYTES <= at + bytes;
                    fdAt += Integer.BYTES) {
                message.received(control.get(I32, fdAt));
            }
            at += (bytes + 7) & -8;
        }
    }
}
