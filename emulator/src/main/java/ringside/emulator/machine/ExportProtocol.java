package ringside.emulator.machine;

/** How another process uses an export. */
public enum ExportProtocol {
    /** The queues of a virtio-blk device; the front-end shows it to its guest on a bus of its own. */
    VHOST_USER("vhost-user"),
    /** A whole virtio-pci function. */
    VFIO_USER("vfio-user");

    private final String label;

    ExportProtocol(String label) {
        this.label = label;
    }

    /** Name for options and messages. */
    public String label() {
        return label;
    }

    /**
     * The protocol of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ExportProtocol of(String label) {
        for (ExportProtocol protocol : values()) {
            if (protocol.label.equals(label)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("protocol '" + label + "' is unknown: use vhost-user or vfio-user");
    }
}
