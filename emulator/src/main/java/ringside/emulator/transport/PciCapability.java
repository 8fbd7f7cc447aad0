package ringside.emulator.transport;

/** struct virtio_pci_cap and its types (VIRTIO-1.2 §4.1.4): offsets within the capability. Shared with the guest driver. */
public final class PciCapability {
    public static final int COMMON_CFG = 1;
    public static final int NOTIFY_CFG = 2;
    public static final int ISR_CFG = 3;
    public static final int DEVICE_CFG = 4;
    public static final int PCI_CFG = 5;

    public static final int CAP_LEN = 2;
    public static final int CFG_TYPE = 3;
    public static final int BAR = 4;
    public static final int OFFSET = 8;
    public static final int LENGTH = 12;
    /** Of NOTIFY_CFG only. */
    public static final int NOTIFY_OFF_MULTIPLIER = 16;
    /** Of PCI_CFG only. */
    public static final int PCI_CFG_DATA = 16;

    private static final int BYTES = 16;
    private static final int MORE_BYTES = 4;

    /** Vector that stands for none (§4.1.5.1.2). */
    public static final int NO_VECTOR = 0xffff;

    /** ISR status: a queue (§4.1.4.5). */
    public static final int ISR_QUEUE = 1;
    /** ISR status: the device configuration. */
    public static final int ISR_CONFIG = 2;

    private PciCapability() {}

    /** Length of a capability of this type. */
    static int bytes(int type) {
        return type == NOTIFY_CFG || type == PCI_CFG ? BYTES + MORE_BYTES : BYTES;
    }
}
