package ringside.emulator.vhostuser.server;

import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.ffi.LibC;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.SharedFile;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.vhostuser.VhostUserSocket;

/**
 * One message at a time: checks, acts, answers. What is wrong with a message comes as an exception with one line;
 * {@link BackEndConnection} decides what becomes of the connection. Control thread only.
 */
final class BackEndHandler {
    private static final int RING_INDEX_MASK = 0xff;
    private static final long NO_FD_FLAG = 1L << 8;
    private static final int CONFIG_HEADER_BYTES = 12;
    private static final int CONFIG_SPACE_BYTES = 256;

    private final VhostUserSocket socket;
    private final BackEnd backEnd;

    BackEndHandler(VhostUserSocket socket, BackEnd backEnd) {
        this.socket = socket;
        this.backEnd = backEnd;
    }

    /**
     * Handles a request.
     *
     * @return whether it was answered; the others get an acknowledgement when the peer wants one
     */
    boolean handle(VhostUserRequest request, VhostUserMessage message) {
        return switch (request) {
            case GET_FEATURES -> answer(message, backEnd.offeredFeatures());
            case GET_PROTOCOL_FEATURES -> answer(message, BackEnd.PROTOCOL_FEATURES);
            case GET_QUEUE_NUM -> answer(message, backEnd.queueCount());
            case GET_MAX_MEM_SLOTS -> answer(message, MemoryTable.MAX_SLOTS);
            case GET_CONFIG -> getConfig(message);
            case GET_VRING_BASE -> getVringBase(message);
            case GET_INFLIGHT_FD -> getInflight(message);
            case SET_LOG_BASE -> setLogBase(message);
            default -> {
                change(request, message);
                yield false;
            }
        };
    }

    private void change(VhostUserRequest request, VhostUserMessage message) {
        switch (request) {
            case SET_OWNER -> backEnd.own();
            case RESET_OWNER, RESET_DEVICE -> backEnd.reset();
            case SET_FEATURES -> backEnd.features(message.u64(0));
            case SET_PROTOCOL_FEATURES -> backEnd.protocolFeatures(message.u64(0));
            case SET_MEM_TABLE -> backEnd.changeMemory(table -> table.replace(message));
            case ADD_MEM_REG -> backEnd.changeMemory(table -> table.add(message));
            case REM_MEM_REG -> backEnd.changeMemory(table -> table.remove(message));
            case SET_INFLIGHT_FD -> backEnd.inflight(InflightArea.adopt(message, backEnd.limits()));
            case SET_CONFIG -> setConfig(message);
            case SET_VRING_KICK -> setKick(message);
            case SET_VRING_CALL -> backEnd.call(ringIndex(message), optionalNotifier(message));
            case SET_VRING_ERR -> backEnd.error(ringIndex(message), optionalNotifier(message));
            default -> changeVring(request, message);
        }
    }

    private void changeVring(VhostUserRequest request, VhostUserMessage message) {
        Vring vring = vringOf(request, message);
        switch (request) {
            case SET_VRING_NUM -> vring.size(message.u32(4), backEnd.packed());
            case SET_VRING_BASE -> vring.base(message.u32(4), backEnd.packed());
            case SET_VRING_ADDR ->
                vring.addresses(
                        new Vring.Addresses(
                                message.u32(4), message.u64(8), message.u64(16), message.u64(24), message.u64(32)),
                        backEnd.surroundings());
            case SET_VRING_ENABLE -> enable(vring, message.u32(4));
            default -> throw notServed(request);
        }
        vring.startIfReady(backEnd.surroundings());
    }

    private Vring vringOf(VhostUserRequest request, VhostUserMessage message) {
        return switch (request) {
            case SET_VRING_NUM, SET_VRING_BASE, SET_VRING_ADDR, SET_VRING_ENABLE -> backEnd.vring(message.u32(0));
            default -> throw notServed(request);
        };
    }

    private static PeerException notServed(VhostUserRequest request) {
        return new PeerException(request + " is not served: its feature was not offered");
    }

    private static void enable(Vring vring, int value) {
        if (value != 0 && value != 1) {
            throw new PeerException("SET_VRING_ENABLE takes 0 or 1, not " + Integer.toUnsignedString(value));
        }
        vring.enabled(value == 1);
        if (value == 0) {
            vring.rest();
        }
    }

    private boolean answer(VhostUserMessage message, long value) {
        socket.send(message.reply(Long.BYTES).u64(0, value));
        return true;
    }

    /** An impossible range is answered without bytes, as the protocol says. */
    private boolean getConfig(VhostUserMessage message) {
        long payload = message.payloadBytes();
        if (payload < CONFIG_HEADER_BYTES) {
            socket.send(message.reply(0));
            return true;
        }
        int offset = message.u32(0);
        int bytes = message.u32(4);
        int flags = message.u32(8);
        if (!insideConfig(offset, bytes) || payload != CONFIG_HEADER_BYTES + bytes) {
            socket.send(message.reply(0));
            return true;
        }
        message.reply((int) payload).u32(0, offset).u32(4, bytes).u32(8, flags);
        for (int i = 0; i < bytes; i++) {
            message.u8(CONFIG_HEADER_BYTES + i, backEnd.readConfig(offset + i));
        }
        socket.send(message);
        return true;
    }

    private static boolean insideConfig(int offset, int bytes) {
        return offset >= 0 && bytes >= 0 && bytes <= CONFIG_SPACE_BYTES && offset <= CONFIG_SPACE_BYTES - bytes;
    }

    private void setConfig(VhostUserMessage message) {
        boolean whole = message.payloadBytes() >= CONFIG_HEADER_BYTES
                && message.payloadBytes() == CONFIG_HEADER_BYTES + Integer.toUnsignedLong(message.u32(4));
        if (!whole || !insideConfig(message.u32(0), message.u32(4))) {
            throw new PeerException("SET_CONFIG of a range that is not in the configuration space");
        }
        backEnd.writeConfig(message.u32(0), message, CONFIG_HEADER_BYTES, message.u32(4));
    }

    private boolean getVringBase(VhostUserMessage message) {
        int index = message.u32(0);
        int base = backEnd.vring(index).stop();
        socket.send(message.reply(8).u32(0, index).u32(4, base));
        return true;
    }

    private boolean getInflight(VhostUserMessage message) {
        backEnd.inflight(InflightArea.create(message, backEnd.limits(), () -> socket.send(message)));
        return true;
    }

    /** Answered even without an acknowledgement being asked for. */
    private boolean setLogBase(VhostUserMessage message) {
        if (message.fdCount() != 1 || !backEnd.has(ProtocolFeatures.LOG_SHMFD)) {
            throw new PeerException("SET_LOG_BASE needs LOG_SHMFD and one descriptor");
        }
        int fd = message.takeFd(0);
        try {
            backEnd.dirtyLog(SharedFile.map(fd, message.u64(8), message.u64(0)));
        } finally {
            LibC.close(fd);
        }
        return answer(message, 0);
    }

    private static int ringIndex(VhostUserMessage message) {
        return (int) message.u64(0) & RING_INDEX_MASK;
    }

    private void setKick(VhostUserMessage message) {
        Vring vring = backEnd.vring(ringIndex(message));
        EventNotifier kick = optionalNotifier(message);
        if (kick == null) {
            throw new PeerException(
                    "a queue without a kick descriptor would have to be polled for ever, which is" + " not served");
        }
        vring.kick(kick);
        vring.startIfReady(backEnd.surroundings());
    }

    /** The descriptor of a kick, call or error message; null when it says that there is none. */
    private EventNotifier optionalNotifier(VhostUserMessage message) {
        backEnd.vring(ringIndex(message));
        boolean none = (message.u64(0) & NO_FD_FLAG) != 0;
        if (message.fdCount() != (none ? 0 : 1)) {
            throw new PeerException(
                    "a message about a queue's eventfd came with " + message.fdCount() + " descriptors");
        }
        if (none) {
            return null;
        }
        int fd = message.takeFd(0);
        if (!EventNotifier.isEventFd(fd)) {
            LibC.close(fd);
            throw new PeerException("a queue's kick, call or error descriptor is not an eventfd");
        }
        return new EventNotifier(fd);
    }
}
