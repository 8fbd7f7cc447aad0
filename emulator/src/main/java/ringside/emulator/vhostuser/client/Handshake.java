package ringside.emulator.vhostuser.client;

import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserRequest;

/**
 * What the two sides agreed on when they met.
 *
 * @param offered virtio features of the server
 * @param protocol protocol features in use
 * @param memorySlots regions of memory that the server takes; meaningful with CONFIGURE_MEM_SLOTS
 */
record Handshake(long offered, long protocol, long memorySlots) {
    /**
     * Claims the server and negotiates the protocol.
     *
     * @throws PeerException one line, when the server is not what a block device's front-end needs
     */
    static Handshake perform(FrontEndChannel channel, FrontEndSpec spec) {
        channel.begin(VhostUserRequest.SET_OWNER, 0);
        channel.tell();
        long offered = channel.askNumber(VhostUserRequest.GET_FEATURES);
        if ((offered & ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES) == 0) {
            throw unusable(spec, "offers no protocol features, so its configuration space cannot be read");
        }
        long protocol = channel.askNumber(VhostUserRequest.GET_PROTOCOL_FEATURES) & spec.acceptedProtocolFeatures();
        channel.begin(VhostUserRequest.SET_PROTOCOL_FEATURES, Long.BYTES).u64(0, protocol);
        channel.tell();
        if ((protocol & ProtocolFeatures.REPLY_ACK) != 0) {
            channel.acknowledged();
        }
        if ((protocol & ProtocolFeatures.CONFIG) == 0) {
            throw unusable(spec, "does not offer CONFIG, so it is no vhost-user-blk server");
        }
        if ((offered & VirtioFeatures.VIRTIO_F_VERSION_1) == 0) {
            throw unusable(spec, "does not offer VIRTIO_F_VERSION_1; legacy devices are not supported");
        }
        checkQueues(channel, spec, offered, protocol);
        long slots = (protocol & ProtocolFeatures.CONFIGURE_MEM_SLOTS) == 0
                ? 0
                : channel.askNumber(VhostUserRequest.GET_MAX_MEM_SLOTS);
        return new Handshake(offered, protocol, slots);
    }

    private static void checkQueues(FrontEndChannel channel, FrontEndSpec spec, long offered, long protocol) {
        long queues = (protocol & ProtocolFeatures.MQ) == 0 ? 1 : channel.askNumber(VhostUserRequest.GET_QUEUE_NUM);
        if (spec.queues() > queues) {
            throw unusable(
                    spec, "has " + queues + " queues, not " + spec.queues() + "; start it with more or use fewer");
        }
        if (spec.queues() > 1 && (offered & BlkConstants.VIRTIO_BLK_F_MQ) == 0) {
            throw unusable(spec, "does not offer VIRTIO_BLK_F_MQ; use one queue");
        }
    }

    private static PeerException unusable(FrontEndSpec spec, String why) {
        return new PeerException("vhost-user server on " + spec.socket() + " " + why);
    }

    boolean has(long protocolFeature) {
        return (protocol & protocolFeature) != 0;
    }
}
