package ringside.emulator.block;

/** How a zoned disk wants to be written (VIRTIO-1.4 §5.2.4; ZBC, NVMe ZNS). */
public enum ZoneModel {
    /** Zones must be written in order, at their write pointers. */
    HOST_MANAGED("host-managed"),
    /** Zones should be written in order and may be written anywhere. */
    HOST_AWARE("host-aware");

    private final String label;

    ZoneModel(String label) {
        this.label = label;
    }

    /** The name used in options. */
    public String label() {
        return label;
    }

    /**
     * The model with this name.
     *
     * @throws IllegalArgumentException naming the known models
     */
    public static ZoneModel of(String label) {
        for (ZoneModel model : values()) {
            if (model.label.equals(label)) {
                return model;
            }
        }
        throw new IllegalArgumentException("unknown zone model '" + label + "': use host-managed or host-aware");
    }
}
