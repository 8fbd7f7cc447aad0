package ringside.emulator.block.qcow2;

import java.util.OptionalLong;
import ringside.emulator.block.BlockStatus;

/** Answers block status from the mapping and from what is behind the image. */
final class StatusFinder {
    private StatusFinder() {}

    static BlockStatus of(Qcow2Node node, long offset, long length) {
        long there = Math.min(length, node.lengthBytes() - offset);
        if (there <= 0) {
            return BlockStatus.absent(length);
        }
        Extent extent = new Extent();
        node.metadata().find(node.metadata().finder(), offset, there, extent);
        return switch (extent.kind) {
            case DATA -> BlockStatus.data(extent.lengthBytes, extent.hostBytes);
            case ZERO -> zero(extent);
            case COMPRESSED ->
                new BlockStatus(extent.lengthBytes, true, true, true, false, true, 0, OptionalLong.empty());
            case UNALLOCATED -> behind(node, offset, extent.lengthBytes);
        };
    }

    private static BlockStatus zero(Extent extent) {
        return BlockStatus.zero(extent.lengthBytes);
    }

    private static BlockStatus behind(Qcow2Node node, long offset, long length) {
        BackingSource backing = node.backing();
        if (!backing.reaches(offset)) {
            return BlockStatus.absent(length);
        }
        BlockStatus below = backing.node().status(offset, Math.min(length, backing.lengthBytes() - offset));
        return new BlockStatus(
                below.lengthBytes(),
                false,
                below.present(),
                below.data(),
                below.zero(),
                below.compressed(),
                below.depth() + 1,
                below.hostOffsetBytes());
    }
}
