package ringside.emulator.vhostuser.server;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.SocketCalls;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserSocket;

/** A front-end that sends whatever bytes and descriptors a test wants, with its own encoding of the protocol. */
final class RawFrontEnd implements AutoCloseable {
    static final int GET_FEATURES = 1;
    static final int SET_FEATURES = 2;
    static final int SET_OWNER = 3;
    static final int SET_MEM_TABLE = 5;
    static final int SET_LOG_BASE = 6;
    static final int SET_VRING_NUM = 8;
    static final int SET_VRING_ADDR = 9;
    static final int SET_VRING_BASE = 10;
    static final int GET_VRING_BASE = 11;
    static final int SET_VRING_KICK = 12;
    static final int SET_VRING_CALL = 13;
    static final int GET_PROTOCOL_FEATURES = 15;
    static final int SET_PROTOCOL_FEATURES = 16;
    static final int SET_VRING_ENABLE = 18;
    static final int GET_CONFIG = 24;
    static final int SET_CONFIG = 25;
    static final int GET_INFLIGHT_FD = 31;
    static final int SET_INFLIGHT_FD = 32;
    static final int RESET_DEVICE = 34;
    static final int ADD_MEM_REG = 37;
    static final int REM_MEM_REG = 38;
    static final int GET_STATUS = 40;

    static final int VERSION = 1;
    static final int REPLY = 4;
    static final int NEED_REPLY = 8;

    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(10);
    static final long VERSION_1 = 1L << 32;
    static final long INDIRECT = 1L << 28;

    private final VhostUserSocket socket;
    private final boolean listens;
    private boolean acknowledged;

    RawFrontEnd(Path path) {
        this(VhostUserSocket.connect(path), true);
    }

    /** @param listens false for one that says everything it has to say before it hears an answer */
    RawFrontEnd(VhostUserSocket socket, boolean listens) {
        this.socket = socket;
        this.listens = listens;
    }

    /** A payload of 32-bit numbers. */
    static byte[] u32(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        for (long value : values) {
            buffer.putInt((int) value);
        }
        return buffer.array();
    }

    /** A payload of 64-bit numbers. */
    static byte[] u64(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.nativeOrder());
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** The usual beginning. With acknowledgements every later message asks for one. */
    void handshake(boolean withAcknowledgements) {
        send(SET_OWNER);
        long protocol = withAcknowledgements
                ? BackEnd.PROTOCOL_FEATURES
                : BackEnd.PROTOCOL_FEATURES & ~ProtocolFeatures.REPLY_ACK;
        send(SET_PROTOCOL_FEATURES, u64(protocol));
        acknowledged = withAcknowledgements;
        say(SET_FEATURES, u64(VERSION_1 | INDIRECT | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES));
    }

    boolean acknowledged() {
        return acknowledged;
    }

    /** Sends a message; asks for an acknowledgement where that was negotiated. */
    void send(int id, byte[] payload, int... fds) {
        sendRaw(id, VERSION | (acknowledged ? NEED_REPLY : 0), payload.length, payload, fds);
    }

    void send(int id) {
        send(id, new byte[0]);
    }

    /** Sends a message that must be accepted. */
    void say(int id, byte[] payload, int... fds) {
        send(id, payload, fds);
        if (acknowledged && listens) {
            long result = answer().orElseThrow();
            if (result != 0) {
                throw new AssertionError("request " + id + " was refused with " + result);
            }
        }
    }

    /** A request whose answer is a 64-bit number. */
    long ask(int id, byte[] payload) {
        send(id, payload);
        return answer().orElseThrow(() -> new AssertionError("hung up instead of answering request " + id));
    }

    /** Sends a header that may lie, and a payload. */
    void sendRaw(int id, int flags, int size, byte[] payload, int... fds) {
        sendBytes(join(u32(id, flags, size), payload), fds);
    }

    void sendBytes(byte[] bytes, int... fds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            MemorySegment iovec = arena.allocate(16, 8);
            iovec.set(ValueLayout.JAVA_LONG, 0, data.address());
            iovec.set(ValueLayout.JAVA_LONG, 8, bytes.length);
            MemorySegment header = arena.allocate(56, 8);
            header.set(ValueLayout.JAVA_LONG, 16, iovec.address());
            header.set(ValueLayout.JAVA_LONG, 24, 1);
            if (fds.length > 0) {
                MemorySegment control = control(arena, fds);
                header.set(ValueLayout.JAVA_LONG, 32, control.address());
                header.set(ValueLayout.JAVA_LONG, 40, control.byteSize());
            }
            long sent = SocketCalls.sendmsg(socket.fd(), header.address());
            if (sent != bytes.length) {
                throw new AssertionError("sendmsg: " + (sent < 0 ? Errno.describe((int) -sent) : sent + " bytes"));
            }
        }
    }

    private static MemorySegment control(Arena arena, int... fds) {
        long bytes = 16 + 4L * fds.length;
        MemorySegment control = arena.allocate((bytes + 7) & -8, 8);
        control.set(ValueLayout.JAVA_LONG, 0, bytes);
        control.set(ValueLayout.JAVA_INT, 8, SocketCalls.SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, SocketCalls.SCM_RIGHTS);
        for (int i = 0; i < fds.length; i++) {
            control.set(ValueLayout.JAVA_INT, 16 + 4L * i, fds[i]);
        }
        return control;
    }

    /** The next reply; empty when the server hung up. */
    Optional<VhostUserMessage> receive() {
        VhostUserMessage reply = new VhostUserMessage();
        try {
            return socket.receive(reply, ANSWER_NS) ? Optional.of(reply) : Optional.empty();
        } catch (PeerException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** The number in the next reply; empty when the server hung up. */
    Optional<Long> answer() {
        return receive().map(reply -> {
            reply.closeFds();
            return reply.u64(0);
        });
    }

    @Override
    public void close() {
        socket.close();
    }
}
