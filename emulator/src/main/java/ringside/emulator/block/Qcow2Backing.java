package ringside.emulator.block;

/** What is behind a qcow2 image. */
public sealed interface Qcow2Backing {
    /** The file and the format that the image names, if it names one and if the path may be followed. */
    record FromImage() implements Qcow2Backing {}

    /** Nothing, whatever the image names (QEMU: {@code backing} set to null): what is not allocated reads as zeroes. */
    record None() implements Qcow2Backing {}

    /**
     * The given node, whatever the image names.
     *
     * @param spec opened read-only
     */
    record Node(BlockNodeSpec spec) implements Qcow2Backing {}
}
