package ringside.emulator.fuzz;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    VFIO_USER(VfioUserTarget::new, 1_500);

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
        return new Limits(maker.get());
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
