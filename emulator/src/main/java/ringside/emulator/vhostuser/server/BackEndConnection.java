package ringside.emulator.vhostuser.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.vhostuser.VhostUserSocket;

/**
 * Serves one front-end until it hangs up or breaks the protocol beyond an answer. A request that cannot be carried out is
 * answered with an error where the peer asked for an acknowledgement, otherwise it ends the connection; both are logged
 * in one line.
 */
final class BackEndConnection implements CallLine.Trouble {
    private static final Logger LOG = System.getLogger("ringside.vhostuser");

    private final VhostUserSocket socket;
    private final VirtioDevice device;
    private final GuestMemory memory;
    private final Runnable memoryChanged;
    private final VhostUserMessage message = new VhostUserMessage();
    private final AtomicBoolean gone = new AtomicBoolean();

    BackEndConnection(VhostUserSocket socket, VirtioDevice device, GuestMemory memory, Runnable memoryChanged) {
        this.socket = socket;
        this.device = device;
        this.memory = memory;
        this.memoryChanged = memoryChanged;
    }

    /** Returns when the connection is over and everything it set up has been given back. */
    void serve() {
        try (BackEnd backEnd = new BackEnd(device, memory, memoryChanged, this)) {
            BackEndHandler handler = new BackEndHandler(socket, backEnd);
            while (socket.receive(message, VhostUserSocket.FOREVER)) {
                try {
                    step(backEnd, handler);
                } finally {
                    message.closeFds();
                }
            }
        } catch (PeerException e) {
            if (!gone.get()) { // then this is only what followed
                LOG.log(Level.WARNING, "connection ended: {0}", e.getMessage());
            }
        } catch (InternalError e) {
            memoryGone();
        } finally {
            socket.close();
        }
    }

    @Override
    public void broken(String reason) {
        LOG.log(Level.WARNING, "the device is broken until the front-end resets it: {0}", reason);
    }

    /** Also on the loops. What is left of the requests must not fault again, so private zeroes take the files' place. */
    @Override
    public void memoryGone() {
        memory.detachFiles();
        if (!gone.getAndSet(true)) {
            LOG.log(Level.WARNING, "connection ended: the front-end took away memory that it had shared");
            socket.hangUp();
        }
    }

    private void step(BackEnd backEnd, BackEndHandler handler) {
        boolean wantsAck = message.needsReply() && backEnd.has(ProtocolFeatures.REPLY_ACK);
        VhostUserMessage request = message;
        boolean answered;
        try {
            answered = handler.handle(check(), request);
        } catch (PeerException | IllegalArgumentException | ringside.emulator.ffi.NativeException e) {
            if (!wantsAck || hasReplyOfItsOwn(message.id())) {
                throw new PeerException(e.getMessage());
            }
            LOG.log(Level.WARNING, "refused: {0}", e.getMessage());
            acknowledge(1);
            return;
        }
        if (wantsAck && !answered) {
            acknowledge(0);
        }
    }

    /** Such a reply has no room for a refusal, and need_reply changes nothing (REPLY_ACK). */
    private static boolean hasReplyOfItsOwn(int id) {
        return VhostUserRequest.of(id).map(VhostUserRequest::hasReply).orElse(false);
    }

    private void acknowledge(long result) {
        message.closeFds();
        socket.send(message.reply(Long.BYTES).u64(0, result));
    }

    /** What can be said of a message without knowing its request. */
    private VhostUserRequest check() {
        if (!message.rightVersion() || message.isReply()) {
            throw new PeerException("message " + message.id() + " is not a request of version 1");
        }
        if (message.surplusFds()) {
            throw new PeerException(
                    "message " + message.id() + " came with more than " + VhostUserMessage.MAX_FDS + " descriptors");
        }
        VhostUserRequest request = VhostUserRequest.of(message.id())
                .orElseThrow(() -> new PeerException("request " + message.id() + " is not known"));
        if (!request.fits((int) message.payloadBytes())) {
            throw new PeerException(request + " came with a payload of " + message.payloadBytes() + " bytes");
        }
        if (message.fdCount() > 0 && !request.mayCarryFds()) {
            throw new PeerException(request + " came with " + message.fdCount() + " descriptors, it takes none");
        }
        return request;
    }
}
