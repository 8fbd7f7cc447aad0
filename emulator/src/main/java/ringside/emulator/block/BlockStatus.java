package ringside.emulator.block;

import java.util.OptionalLong;

/**
 * What is known of a range without reading it (QEMU: block status, the records of {@code qemu-img map}).
 *
 * @param lengthBytes for how many bytes from the asked offset this holds, at least 1
 * @param allocated whether this node, not what is behind it, decides the content
 * @param present whether this node, or one behind it, decides the content
 * @param data whether the content is stored somewhere; false for holes
 * @param zero whether the range reads as zeroes
 * @param compressed whether the content is stored compressed
 * @param depth how many backing files down the content comes from; 0 is this node
 * @param hostOffsetBytes where in the file of that node the content begins, if it is stored there as it is, or would
 *     be stored there if zeroes were overwritten
 */
public record BlockStatus(
        long lengthBytes,
        boolean allocated,
        boolean present,
        boolean data,
        boolean zero,
        boolean compressed,
        int depth,
        OptionalLong hostOffsetBytes) {
    /** Stored data of this node. */
    public static BlockStatus data(long lengthBytes, long hostOffsetBytes) {
        return new BlockStatus(lengthBytes, true, true, true, false, false, 0, OptionalLong.of(hostOffsetBytes));
    }

    /** A range of this node that reads as zeroes and is not stored. */
    public static BlockStatus zero(long lengthBytes) {
        return new BlockStatus(lengthBytes, true, true, false, true, false, 0, OptionalLong.empty());
    }

    /** A range that nobody decides, so that it reads as zeroes. */
    public static BlockStatus absent(long lengthBytes) {
        return new BlockStatus(lengthBytes, false, false, false, true, false, 0, OptionalLong.empty());
    }
}
