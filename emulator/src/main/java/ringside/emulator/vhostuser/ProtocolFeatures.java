package ringside.emulator.vhostuser;

import java.util.StringJoiner;

/** Feature bits of the protocol itself, and the two virtio feature bits that belong to vhost. */
public final class ProtocolFeatures {
    public static final long MQ = 1L;
    public static final long LOG_SHMFD = 1L << 1;
    public static final long REPLY_ACK = 1L << 3;
    public static final long CONFIG = 1L << 9;
    public static final long INFLIGHT_SHMFD = 1L << 12;
    public static final long RESET_DEVICE = 1L << 13;
    public static final long CONFIGURE_MEM_SLOTS = 1L << 15;
    public static final long STATUS = 1L << 16;

    /** Virtio feature bit: the back-end logs writes to guest memory. */
    public static final long VHOST_F_LOG_ALL = 1L << 26;

    /** Virtio feature bit: protocol features can be negotiated. Never seen by a guest's driver. */
    public static final long VHOST_USER_F_PROTOCOL_FEATURES = 1L << 30;

    private static final String[] NAMES = {
        "MQ",
        "LOG_SHMFD",
        "RARP",
        "REPLY_ACK",
        "MTU",
        "BACKEND_REQ",
        "CROSS_ENDIAN",
        "CRYPTO_SESSION",
        "PAGEFAULT",
        "CONFIG",
        "BACKEND_SEND_FD",
        "HOST_NOTIFIER",
        "INFLIGHT_SHMFD",
        "RESET_DEVICE",
        "INBAND_NOTIFICATIONS",
        "CONFIGURE_MEM_SLOTS",
        "STATUS",
        "XEN_MMAP",
        "SHARED_OBJECT",
        "DEVICE_STATE"
    };

    private ProtocolFeatures() {}

    /** Names of the set bits, for messages and results. */
    public static String describe(long features) {
        StringJoiner names = new StringJoiner(" ");
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((features & 1L << bit) != 0) {
                names.add(bit < NAMES.length ? NAMES[bit] : "bit" + bit);
            }
        }
        return names.toString();
    }
}
