package ringside.workloads.conformance.bench;

/** How the device under test is reached. */
public enum TransportKind {
    /** VIRTIO-1.2 §4.2. */
    MMIO("mmio"),
    /** VIRTIO-1.2 §4.1. */
    PCI("pci"),
    /** A vhost-user back-end on a socket: it has rings and features, but no registers. */
    VHOST_USER("vhost-user");

    private final String label;

    TransportKind(String label) {
        this.label = label;
    }

    /** Name in options and reports. */
    public String label() {
        return label;
    }
}
