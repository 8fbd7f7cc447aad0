package ringside.emulator.vhostuser;

import java.lang.foreign.ValueLayout;
import ringside.emulator.localsocket.FdMessage;

/**
 * A reused message: header, payload, and the file descriptors that came or go with it. Numbers are in the machine's
 * byte order, as the protocol says. One thread at a time.
 *
 * <p>Received descriptors belong to the message until {@link #takeFd}; {@link #closeFds()} closes what nobody took.
 * Descriptors to be sent are borrowed.
 */
public final class VhostUserMessage extends FdMessage {
    /** Bytes of the header: request, flags, size. */
    public static final int HEADER_BYTES = 12;

    /** More than any message has: a configuration space of 256 bytes, a table of eight regions. */
    public static final int MAX_PAYLOAD_BYTES = 1024;

    /** Most descriptors that a message may carry. */
    public static final int MAX_FDS = 8;

    private static final int FLAGS_AT = 4;
    private static final int SIZE_AT = 8;
    private static final int VERSION = 1;
    private static final int VERSION_MASK = 3;
    private static final int FLAG_REPLY = 4;
    private static final int FLAG_NEED_REPLY = 8;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;

    public VhostUserMessage() {
        super(HEADER_BYTES + MAX_PAYLOAD_BYTES, MAX_FDS);
    }

    /** Begins a request of a payload size; the payload is zero. */
    public VhostUserMessage request(VhostUserRequest request, int payloadBytes) {
        return begin(request.id(), VERSION, payloadBytes);
    }

    /** Begins the reply to the message that is here now. */
    public VhostUserMessage reply(int payloadBytes) {
        return begin(id(), VERSION | FLAG_REPLY, payloadBytes);
    }

    private VhostUserMessage begin(int id, int flags, int payloadBytes) {
        bytes().fill((byte) 0);
        bytes().set(U32, 0, id);
        bytes().set(U32, FLAGS_AT, flags);
        bytes().set(U32, SIZE_AT, payloadBytes);
        forgetFds();
        return this;
    }

    /** Asks for an acknowledgement (REPLY_ACK must have been negotiated). */
    public VhostUserMessage needReply() {
        bytes().set(U32, FLAGS_AT, flags() | FLAG_NEED_REPLY);
        return this;
    }

    /** Number of the request. */
    public int id() {
        return bytes().get(U32, 0);
    }

    private int flags() {
        return bytes().get(U32, FLAGS_AT);
    }

    /** Whether the version is the only one there is. */
    public boolean rightVersion() {
        return (flags() & VERSION_MASK) == VERSION;
    }

    /** Whether this is a reply. */
    public boolean isReply() {
        return (flags() & FLAG_REPLY) != 0;
    }

    /** Whether the sender wants an acknowledgement. */
    public boolean needsReply() {
        return (flags() & FLAG_NEED_REPLY) != 0;
    }

    /** Size of the payload as the sender said, unsigned; at most {@link #MAX_PAYLOAD_BYTES} once received. */
    public long payloadBytes() {
        return Integer.toUnsignedLong(bytes().get(U32, SIZE_AT));
    }

    /** 32 bits of the payload. */
    public int u32(int offset) {
        return bytes().get(U32, HEADER_BYTES + (long) offset);
    }

    /** 64 bits of the payload. */
    public long u64(int offset) {
        return bytes().get(U64, HEADER_BYTES + (long) offset);
    }

    /** A byte of the payload. */
    public byte u8(int offset) {
        return bytes().get(ValueLayout.JAVA_BYTE, HEADER_BYTES + (long) offset);
    }

    /** Sets 32 bits of the payload. */
    public VhostUserMessage u32(int offset, int value) {
        bytes().set(U32, HEADER_BYTES + (long) offset, value);
        return this;
    }

    /** Sets 64 bits of the payload. */
    public VhostUserMessage u64(int offset, long value) {
        bytes().set(U64, HEADER_BYTES + (long) offset, value);
        return this;
    }

    /** Sets a byte of the payload. */
    public VhostUserMessage u8(int offset, byte value) {
        bytes().set(ValueLayout.JAVA_BYTE, HEADER_BYTES + (long) offset, value);
        return this;
    }

    /** Attaches a descriptor to be sent; it stays the caller's. */
    public VhostUserMessage attachFd(int fd) {
        addFd(fd);
        return this;
    }

    void beginReceive() {
        forgetFds();
    }
}
