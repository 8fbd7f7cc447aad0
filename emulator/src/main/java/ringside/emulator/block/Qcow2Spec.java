package ringside.emulator.block;

import java.util.Optional;

/**
 * A qcow2 image (QEMU: driver qcow2; docs/interop/qcow2.rst).
 *
 * @param file what stores it, normally a {@link FileSpec} or a filter over one
 * @param backing where unallocated clusters come from
 * @param dataFile what stores the guest's data of an image with an external data file; empty: the name in the image, if it may
 *     be followed
 * @param options all the rest
 */
public record Qcow2Spec(
        BlockNodeSpec file, Qcow2Backing backing, Optional<BlockNodeSpec> dataFile, Qcow2Options options)
        implements BlockNodeSpec {
    /** An image with default options and the backing file that it names. */
    public static Qcow2Spec of(BlockNodeSpec file) {
        return new Qcow2Spec(file, new Qcow2Backing.FromImage(), Optional.empty(), Qcow2Options.DEFAULT);
    }

    /** The same with other options. */
    public Qcow2Spec with(Qcow2Options changed) {
        return new Qcow2Spec(file, backing, dataFile, changed);
    }

    @Override
    public String driver() {
        return "qcow2";
    }

    @Override
    public Optional<Raw> image() {
        return Optional.empty();
    }
}
