package ringside.workloads.conformance.bench;

/** Feature bits by their numbers in the specification (VIRTIO-1.2 §5.2.3 and §6). */
public final class Features {
    public static final long SIZE_MAX = 1L << 1;
    public static final long SEG_MAX = 1L << 2;
    public static final long GEOMETRY = 1L << 4;
    public static final long RO = 1L << 5;
    public static final long BLK_SIZE = 1L << 6;
    public static final long FLUSH = 1L << 9;
    public static final long TOPOLOGY = 1L << 10;
    public static final long CONFIG_WCE = 1L << 11;
    public static final long MQ = 1L << 12;
    public static final long DISCARD = 1L << 13;
    public static final long WRITE_ZEROES = 1L << 14;
    public static final long LIFETIME = 1L << 15;
    public static final long SECURE_ERASE = 1L << 16;
    public static final long INDIRECT = 1L << 28;
    public static final long EVENT_IDX = 1L << 29;
    public static final long VERSION_1 = 1L << 32;
    public static final long ACCESS_PLATFORM = 1L << 33;
    public static final long RING_PACKED = 1L << 34;
    public static final long IN_ORDER = 1L << 35;
    public static final long ORDER_PLATFORM = 1L << 36;
    public static final long SR_IOV = 1L << 37;
    public static final long NOTIFICATION_DATA = 1L << 38;
    public static final long RING_RESET = 1L << 40;

    private Features() {}
}
