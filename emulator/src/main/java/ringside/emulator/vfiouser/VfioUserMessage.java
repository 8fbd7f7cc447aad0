package ringside.emulator.vfiouser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.emulator.localsocket.FdMessage;

/**
 * A reused message: header {id u16, command u16, size u32, flags u32, error u32}, payload, descriptors. Numbers are in the
 * machine's byte order, as the protocol says. One thread at a time.
 */
final class VfioUserMessage extends FdMessage {
    static final int HEADER_BYTES = 16;

    /** Most bytes of one region access that the server accepts; it says so in its version. */
    static final int MAX_DATA_BYTES = 4096;

    /** A region access with its data is the longest message. */
    static final int MAX_PAYLOAD_BYTES = 16 + MAX_DATA_BYTES;

    /** Most descriptors of a message; the server says so in its version. */
    static final int MAX_FDS = 16;

    private static final int SIZE_AT = 4;
    private static final int FLAGS_AT = 8;
    private static final int ERROR_AT = 12;
    private static final int TYPE_MASK = 0xf;
    private static final int TYPE_REPLY = 1;
    private static final int FLAG_NO_REPLY = 0x10;
    private static final int FLAG_ERROR = 0x20;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;

    VfioUserMessage() {
        super(HEADER_BYTES + MAX_PAYLOAD_BYTES, MAX_FDS);
    }

    /** Begins a command of a payload size; the payload is zero. */
    VfioUserMessage command(int id, VfioUserCommand command, int payloadBytes) {
        bytes().fill((byte) 0);
        bytes().set(U16, 0, (short) id);
        bytes().set(U16, 2, (short) command.id());
        bytes().set(U32, SIZE_AT, HEADER_BYTES + payloadBytes);
        forgetFds();
        return this;
    }

    /** Makes the command that is here its own reply: same id, the payload up to a length kept, no descriptors. */
    VfioUserMessage reply(int payloadBytes) {
        bytes().set(U32, SIZE_AT, HEADER_BYTES + payloadBytes);
        bytes().set(U32, FLAGS_AT, TYPE_REPLY);
        bytes().set(U32, ERROR_AT, 0);
        return this;
    }

    /** Makes the command that is here a reply that it failed. */
    VfioUserMessage errorReply(int errno) {
        reply(0);
        bytes().set(U32, FLAGS_AT, TYPE_REPLY | FLAG_ERROR);
        bytes().set(U32, ERROR_AT, errno);
        return this;
    }

    int id() {
        return Short.toUnsignedInt(bytes().get(U16, 0));
    }

    int commandId() {
        return Short.toUnsignedInt(bytes().get(U16, 2));
    }

    /** Size of the whole message as the sender said. */
    long sizeBytes() {
        return Integer.toUnsignedLong(bytes().get(U32, SIZE_AT));
    }

    int payloadBytes() {
        return (int) (sizeBytes() - HEADER_BYTES);
    }

    private int flags() {
        return bytes().get(U32, FLAGS_AT);
    }

    boolean isCommand() {
        return (flags() & TYPE_MASK) == 0;
    }

    boolean wantsReply() {
        return (flags() & FLAG_NO_REPLY) == 0;
    }

    /** The sender waits for no reply. */
    VfioUserMessage noReply() {
        bytes().set(U32, FLAGS_AT, flags() | FLAG_NO_REPLY);
        return this;
    }

    /** The error of a reply, 0 for none. */
    int error() {
        return (flags() & FLAG_ERROR) == 0 ? 0 : bytes().get(U32, ERROR_AT);
    }

    int u16(int offset) {
        return Short.toUnsignedInt(bytes().get(U16, HEADER_BYTES + (long) offset));
    }

    VfioUserMessage u16(int offset, int value) {
        bytes().set(U16, HEADER_BYTES + (long) offset, (short) value);
        return this;
    }

    int u32(int offset) {
        return bytes().get(U32, HEADER_BYTES + (long) offset);
    }

    VfioUserMessage u32(int offset, int value) {
        bytes().set(U32, HEADER_BYTES + (long) offset, value);
        return this;
    }

    long u64(int offset) {
        return bytes().get(U64, HEADER_BYTES + (long) offset);
    }

    VfioUserMessage u64(int offset, long value) {
        bytes().set(U64, HEADER_BYTES + (long) offset, value);
        return this;
    }

    /** The low bytes of a value at an offset, little-endian as PCI is: 1, 2, 4 or 8 of them. */
    VfioUserMessage data(int offset, int widthBytes, long value) {
        for (int i = 0; i < widthBytes; i++) {
            bytes().set(ValueLayout.JAVA_BYTE, HEADER_BYTES + (long) offset + i, (byte) (value >>> 8 * i));
        }
        return this;
    }

    /** Reads what {@link #data(int, int, long)} writes, zero-extended. */
    long data(int offset, int widthBytes) {
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= (bytes().get(ValueLayout.JAVA_BYTE, HEADER_BYTES + (long) offset + i) & 0xffL) << 8 * i;
        }
        return value;
    }

    /** A part of the payload. */
    MemorySegment payload(int offset, int lengthBytes) {
        return bytes().asSlice(HEADER_BYTES + (long) offset, lengthBytes);
    }

    VfioUserMessage attachFd(int fd) {
        addFd(fd);
        return this;
    }

    void beginReceive() {
        forgetFds();
    }
}
