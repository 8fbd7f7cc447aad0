package ringside.emulator.fuzz;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import ringside.emulator.block.hostile.ImageTarget;
import ringside.emulator.vfiouser.VfioUserTarget;
import ringside.emulator.vhostuser.server.VhostUserTarget;

/** The targets by name, as {@code scripts/fuzz} has them. */
public enum FuzzTargets {
    /** Device side of a split ring. */
    SPLIT(SplitQueueTarget::new, 200_000),
    /** Device side of a packed ring. */
    PACKED(PackedQueueTarget::new, 200_000),
    /** Requests of a virtio-blk device. */
    BLK(BlkTarget::new, 200_000),
    /** The registers of virtio-mmio. */
    MMIO(MmioTarget::new, 200_000),
    /** Configuration space and BARs of virtio-pci. */
    PCI(PciTarget::new, 100_000),
    /** Messages of a vhost-user front-end, with descriptors. */
    VHOST_USER(VhostUserTarget::new, 1_500),
    /** Messages of a vfio-user client, with descriptors. */
    VFIO_USER(VfioUserTarget::new, 1_500),
    /** qcow2 images that lie: opened, read, written, checked, repaired. */
    IMAGE(ImageTarget::new, 300);

    private static final long HEAP_BYTES = 64L << 20;

    /** It is opened twice, checked three times and used in between, which are inputs of their own elsewhere. */
    private static final int STEPS_OF_AN_IMAGE = 8;

    private final Supplier<FuzzTarget> maker;
    private final int shortRuns;

    FuzzTargets(Supplier<FuzzTarget> maker, int shortRuns) {
        this.maker = maker;
        this.shortRuns = shortRuns;
    }

    /** The name on a command line, for example {@code vhost-user}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** How many inputs every build tries: some seconds. */
    int shortRuns() {
        return shortRuns;
    }

    /** Makes the target, with the limits of time and memory around it. */
    public FuzzTarget open() {
        return new Limits(maker.get(), this == IMAGE ? STEPS_OF_AN_IMAGE * HEAP_BYTES : HEAP_BYTES);
    }

    /** @throws IllegalArgumentException naming the targets there are */
    public static FuzzTargets of(String label) {
        return Arrays.stream(values())
                .filter(target -> target.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fuzz target '" + label + "', only "
                        + Arrays.stream(values()).map(FuzzTargets::label).collect(Collectors.joining(", "))));
    }
}
