package ringside.emulator.vfiouser;

import java.util.ArrayDeque;
import java.util.Deque;
import ringside.emulator.ffi.LibC;
import ringside.emulator.fuzz.Check;
import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.memory.GuestRegionSpec;

/**
 * Says commands without waiting, and checks the replies afterwards: each command that wants a reply gets one, in order,
 * with its id and the length that the protocol gives it; the others get none. What comes after a breach of the protocol
 * is not checked, as the connection may end there.
 */
final class FuzzedClient implements AutoCloseable {
    private static final long NOW = 1_000_000;
    private static final int ERROR_BYTES = 0;

    private final LocalSocket wire;
    private final VfioUserSocket socket;
    private final VfioUserMessage message = new VfioUserMessage();
    private final Deque<Wanted> wanted = new ArrayDeque<>();
    private boolean wellBehaved = true;
    private int id;

    /** A reply that has to come: the length is that of its payload where the command is carried out. */
    private record Wanted(int id, VfioUserCommand command, int payloadBytes) {}

    FuzzedClient(LocalSocket wire) {
        this.wire = wire;
        this.socket = new VfioUserSocket(wire);
    }

    /** Begins a command. */
    VfioUserMessage command(VfioUserCommand command, int payloadBytes) {
        return message.command(++id & 0xffff, command, payloadBytes);
    }

    /** Sends what was begun, as the protocol has it. */
    void say(VfioUserCommand command, int replyPayloadBytes) {
        if (wellBehaved && message.wantsReply()) {
            wanted.add(new Wanted(message.id(), command, replyPayloadBytes));
        }
        socket.send(message);
    }

    /** From now on the server may end the connection. */
    void breach() {
        wellBehaved = false;
    }

    /** Sends so many bytes of what was begun, whatever they are. */
    void sayAnything(int bytes) {
        breach();
        wire.send(message, bytes);
    }

    void greet() {
        String text = "{\"capabilities\":{\"max_msg_fds\":8}}";
        command(VfioUserCommand.VERSION, 4 + text.length() + 1).u16(2, 1);
        for (int i = 0; i < text.length(); i++) {
            message.data(4 + i, 1, text.charAt(i));
        }
        say(VfioUserCommand.VERSION, -1);
    }

    void map(GuestRegionSpec range, int flags, int fd, long fileOffset) {
        command(VfioUserCommand.DMA_MAP, 32)
                .u32(0, 32)
                .u32(4, flags)
                .u64(8, fileOffset)
                .u64(16, range.gpa())
                .u64(24, range.lengthBytes());
        if (fd >= 0) {
            message.attachFd(fd);
        }
        say(VfioUserCommand.DMA_MAP, 0);
    }

    void write(int region, long offset, int width, long value, boolean posted) {
        command(VfioUserCommand.REGION_WRITE, 16 + width)
                .u64(0, offset)
                .u32(8, region)
                .u32(12, width)
                .data(16, width, value);
        if (posted) {
            message.noReply();
        }
        say(VfioUserCommand.REGION_WRITE, 16);
    }

    void read(int region, long offset, int count) {
        command(VfioUserCommand.REGION_READ, 16).u64(0, offset).u32(8, region).u32(12, count);
        say(VfioUserCommand.REGION_READ, 16 + count);
    }

    /** Ends whatever message was begun, and then is none: its size is 0. */
    void end() {
        message.command(0, VfioUserCommand.DEVICE_RESET, 0).u32(SIZE_BEFORE_PAYLOAD, 0);
        wire.send(message, VfioUserMessage.HEADER_BYTES + VfioUserMessage.MAX_PAYLOAD_BYTES);
        wire.send(message, VfioUserMessage.HEADER_BYTES);
    }

    /** Where the size of a message is, seen from its payload. */
    private static final int SIZE_BEFORE_PAYLOAD = 4 - VfioUserMessage.HEADER_BYTES;

    /** After the server has ended the connection. */
    void checkReplies() {
        while (socket.receive(message, NOW)) {
            Wanted due = wanted.poll();
            if (due == null) {
                Check.that(!wellBehaved, "a reply that nobody waits for");
                return;
            }
            check(due);
            message.closeFds();
        }
        Check.that(!wellBehaved || wanted.isEmpty(), "%d commands have no reply", wanted.size());
    }

    private void check(Wanted due) {
        Check.that(!message.isCommand(), "the server sends a command");
        Check.that(message.fdCount() == 0, "a reply came with descriptors");
        boolean same = message.id() == due.id && message.commandId() == due.command.id();
        Check.that(same, "the reply to command %d is not the next: %s", message.id(), due);
        boolean failed = message.error() != 0;
        int bytes = failed ? ERROR_BYTES : due.payloadBytes;
        boolean fits = bytes < 0 || message.payloadBytes() == bytes;
        Check.that(fits, "a reply has a payload of %d bytes: %s", message.payloadBytes(), due);
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Files of all kinds that a client might send. */
    static final class Files implements AutoCloseable {
        final int event = LibC.eventfd();
        final int device = LibC.open("/dev/zero", LibC.O_RDWR | LibC.O_CLOEXEC, 0);
        final int folder = LibC.open("/proc/self", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        final int readOnly = LibC.open("/proc/self/stat", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);

        int any(int pick) {
            return switch (pick & 3) {
                case 0 -> event;
                case 1 -> device;
                case 2 -> folder;
                default -> readOnly;
            };
        }

        @Override
        public void close() {
            for (int fd : new int[] {event, device, folder, readOnly}) {
                LibC.close(fd);
            }
        }
    }
}
