package ringside.workloads.conformance.bench;

/** Format of a virtqueue. */
public enum RingKind {
    /** VIRTIO-1.2 §2.7. */
    SPLIT("split"),
    /** VIRTIO-1.2 §2.8. */
    PACKED("packed");

    private final String label;

    RingKind(String label) {
        this.label = label;
    }

    /** Name in options and reports. */
    public String label() {
        return label;
    }
}
