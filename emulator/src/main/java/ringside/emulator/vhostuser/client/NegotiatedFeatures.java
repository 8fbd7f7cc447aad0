package ringside.emulator.vhostuser.client;

import java.util.Map;
import java.util.StringJoiner;
import ringside.emulator.vhostuser.ProtocolFeatures;

/**
 * What front-end and server agreed on.
 *
 * @param virtio virtio features, without those that belong to vhost
 * @param protocol features of the vhost-user protocol
 */
public record NegotiatedFeatures(long virtio, long protocol) {
    /** Spelled as in VIRTIO-1.2 §5.2.3 and §6, without their prefixes. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "SIZE_MAX"),
            Map.entry(2, "SEG_MAX"),
            Map.entry(4, "GEOMETRY"),
            Map.entry(5, "RO"),
            Map.entry(6, "BLK_SIZE"),
            Map.entry(9, "FLUSH"),
            Map.entry(10, "TOPOLOGY"),
            Map.entry(11, "CONFIG_WCE"),
            Map.entry(12, "MQ"),
            Map.entry(13, "DISCARD"),
            Map.entry(14, "WRITE_ZEROES"),
            Map.entry(28, "INDIRECT_DESC"),
            Map.entry(29, "EVENT_IDX"),
            Map.entry(32, "VERSION_1"),
            Map.entry(34, "RING_PACKED"),
            Map.entry(35, "IN_ORDER"));

    /** Names of the virtio features, for results. */
    public String describeVirtio() {
        StringJoiner names = new StringJoiner(" ");
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((virtio & 1L << bit) != 0) {
                names.add(NAMES.getOrDefault(bit, "bit" + bit));
            }
        }
        return names.toString();
    }

    /** Names of the protocol features, for results. */
    public String describeProtocol() {
        return ProtocolFeatures.describe(protocol);
    }
}
