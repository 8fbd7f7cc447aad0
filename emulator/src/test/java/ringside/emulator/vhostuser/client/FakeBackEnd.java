package ringside.emulator.vhostuser.client;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.ffi.LibC;
import ringside.emulator.localsocket.LocalListener;
import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.vhostuser.VhostUserSocket;

/**
 * The other end of the socket, without a device behind it: answers every request, writes down each byte it got, and
 * misbehaves at a chosen request. Serves one connection after another.
 */
final class FakeBackEnd implements AutoCloseable {
    static final long ALL_FEATURES = VirtioFeatures.VIRTIO_F_VERSION_1
            | VirtioFeatures.VIRTIO_F_EVENT_IDX
            | VirtioFeatures.VIRTIO_F_INDIRECT_DESC
            | BlkConstants.VIRTIO_BLK_F_MQ
            | ProtocolFeatures.VHOST_F_LOG_ALL
            | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES;
    static final long INFLIGHT_BYTES = 8192;

    /** What to do instead of what the protocol asks for. */
    enum Fault {
        REFUSE,
        HANG_UP,
        SAY_NOTHING,
        ANSWER_ANOTHER,
        ANSWER_SHORT,
        OMIT_DESCRIPTOR,
        ADD_DESCRIPTOR
    }

    private static final Set<VhostUserRequest> WITH_REPLY = EnumSet.of(
            VhostUserRequest.GET_FEATURES,
            VhostUserRequest.GET_PROTOCOL_FEATURES,
            VhostUserRequest.GET_QUEUE_NUM,
            VhostUserRequest.GET_CONFIG,
            VhostUserRequest.GET_INFLIGHT_FD,
            VhostUserRequest.GET_MAX_MEM_SLOTS,
            VhostUserRequest.GET_VRING_BASE);

    private final LocalListener listener;
    private final Thread thread;
    private final List<String> transcript = new CopyOnWriteArrayList<>();
    private final List<Integer> received = new CopyOnWriteArrayList<>();
    private final int inflightFd = LibC.memfdCreate("inflight", 0);
    private final int surplusFd = LibC.memfdCreate("surplus", 0);
    private volatile VhostUserSocket peer;
    private boolean closed;

    volatile long features = ALL_FEATURES;
    volatile long protocol = FrontEndSpec.PROTOCOL_FEATURES | ProtocolFeatures.LOG_SHMFD;
    volatile long queues = 2;
    volatile long slots = 8;
    volatile Optional<VhostUserRequest> faultAt = Optional.empty();
    volatile Fault fault = Fault.REFUSE;

    FakeBackEnd(Path socket) {
        LibC.ftruncate(inflightFd, INFLIGHT_BYTES);
        listener = LocalListener.bind(socket);
        thread = Thread.ofPlatform().daemon().start(this::serve);
    }

    void failAt(VhostUserRequest request, Fault how) {
        fault = how;
        faultAt = Optional.of(request);
    }

    /** Everything received since the last call: name, flags, number of descriptors, payload in hexadecimal. */
    List<String> takeTranscript() {
        List<String> taken = List.copyOf(transcript);
        transcript.clear();
        return taken;
    }

    /** Descriptors received so far, in order; open until this object is closed. */
    List<Integer> receivedFds() {
        return received;
    }

    /** As a server that was killed. */
    void hangUp() {
        peer.hangUp();
    }

    private void serve() {
        Optional<LocalSocket> next;
        while ((next = listener.accept()).isPresent()) {
            try (VhostUserSocket socket = new VhostUserSocket(next.get())) {
                peer = socket;
                VhostUserMessage message = new VhostUserMessage();
                while (socket.receive(message, VhostUserSocket.FOREVER) && handle(socket, message)) {
                    // until it hangs up
                }
            } catch (PeerException e) {
                transcript.add(e.getMessage());
            }
        }
    }

    private boolean handle(VhostUserSocket socket, VhostUserMessage message) {
        VhostUserRequest request = VhostUserRequest.of(message.id()).orElseThrow();
        transcript.add(describe(request, message));
        for (int i = 0; i < message.fdCount(); i++) {
            received.add(message.takeFd(i));
        }
        boolean answers = WITH_REPLY.contains(request) || message.needsReply();
        if (faultAt.isPresent() && faultAt.get() == request) {
            return misbehave(socket, message, request);
        }
        if (answers) {
            socket.send(WITH_REPLY.contains(request) ? answer(request, message) : message.reply(8));
        }
        return true;
    }

    private boolean misbehave(VhostUserSocket socket, VhostUserMessage message, VhostUserRequest request) {
        switch (fault) {
            case REFUSE -> socket.send(message.reply(8).u64(0, 22));
            case ANSWER_ANOTHER ->
                socket.send(message.request(VhostUserRequest.SET_OWNER, 0).reply(8));
            case ANSWER_SHORT -> socket.send(message.reply(0));
            case OMIT_DESCRIPTOR -> socket.send(message.reply(24));
            case ADD_DESCRIPTOR -> socket.send(answer(request, message).attachFd(surplusFd));
            case SAY_NOTHING -> {}
            case HANG_UP -> {
                return false;
            }
        }
        return true;
    }

    private VhostUserMessage answer(VhostUserRequest request, VhostUserMessage message) {
        return switch (request) {
            case GET_FEATURES -> message.reply(8).u64(0, features);
            case GET_PROTOCOL_FEATURES -> message.reply(8).u64(0, protocol);
            case GET_QUEUE_NUM -> message.reply(8).u64(0, queues);
            case GET_MAX_MEM_SLOTS -> message.reply(8).u64(0, slots);
            case GET_VRING_BASE -> {
                int index = message.u32(0);
                yield message.reply(8).u32(0, index);
            }
            case GET_CONFIG -> config(message);
            case GET_INFLIGHT_FD ->
                message.reply(24).u64(0, INFLIGHT_BYTES).u64(8, 0).attachFd(inflightFd);
            default -> throw new AssertionError(request);
        };
    }

    /** Every byte of the configuration space is its offset. */
    private static VhostUserMessage config(VhostUserMessage message) {
        int bytes = message.u32(4);
        message.reply(12 + bytes).u32(4, bytes);
        for (int i = 0; i < bytes; i++) {
            message.u8(12 + i, (byte) i);
        }
        return message;
    }

    private static String describe(VhostUserRequest request, VhostUserMessage message) {
        StringBuilder text = new StringBuilder(request.name());
        text.append(message.rightVersion() && !message.isReply() ? "" : " BAD-HEADER");
        text.append(message.needsReply() ? " ack" : "");
        text.append(message.fdCount() > 0 ? " fds=" + message.fdCount() : "");
        text.append(message.payloadBytes() > 0 ? " " : "");
        for (int i = 0; i < message.payloadBytes(); i++) {
            text.append(String.format("%02x", message.u8(i)));
        }
        return text.toString();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        listener.close();
        if (peer != null) {
            peer.hangUp();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.free();
        received.forEach(LibC::close);
        LibC.close(inflightFd);
        LibC.close(surplusFd);
    }
}
