package ringside.emulator.block.qcow2;

import java.util.OptionalLong;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/** Answers block status from the mapping and from what is behind the image. */
final class StatusFinder {
    private static final long NOWHERE = -1;

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
            case ZERO -> zero(node, offset, extent, true);
            case COMPRESSED ->
                new BlockStatus(extent.lengthBytes, true, true, true, false, true, 0, OptionalLong.empty());
            case UNALLOCATED ->
                node.backing().reaches(offset)
                        ? behind(node, offset, extent.lengthBytes)
                        : zero(node, offset, extent, false);
        };
    }

    /**
     * Zeroes may have a place, which a write would use: as far as the places follow one another.
     *
     * @param decided whether the image says that these are zeroes; otherwise nobody says anything
     */
    private static BlockStatus zero(Qcow2Node node, long offset, Extent extent, boolean decided) {
        Qcow2Geometry geometry = node.metadata().geometry();
        long place = place(geometry, offset, extent);
        long known = extent.lengthBytes;
        if (decided || geometry.extendedL2()) {
            known = sameKindOfPlace(node, offset, extent, place);
        }
        OptionalLong host = place == NOWHERE ? OptionalLong.empty() : OptionalLong.of(place);
        return new BlockStatus(known, decided, decided, false, true, false, 0, host);
    }

    private static long sameKindOfPlace(Qcow2Node node, long offset, Extent extent, long place) {
        Qcow2Geometry geometry = node.metadata().geometry();
        ExtentFinder finder = node.metadata().finder();
        Extent next = new Extent();
        long known = Math.min(extent.lengthBytes, clusterEnd(geometry, offset) - offset);
        while (known < extent.lengthBytes) {
            long most = Math.min(extent.lengthBytes - known, geometry.clusterBytes());
            node.metadata().find(finder, offset + known, most, next);
            long wanted = place == NOWHERE ? NOWHERE : place + known;
            if (next.kind != extent.kind || place(geometry, offset + known, next) != wanted) {
                break;
            }
            known += next.lengthBytes;
        }
        return known;
    }

    private static long place(Qcow2Geometry geometry, long offset, Extent extent) {
        long cluster = L2Entry.offset(extent.entry);
        return cluster == 0 ? NOWHERE : cluster + (offset & geometry.clusterBytes() - 1);
    }

    private static long clusterEnd(Qcow2Geometry geometry, long offset) {
        return geometry.clusterStart(offset) + geometry.clusterBytes();
    }

    private static BlockStatus behind(Qcow2Node node, long offset, long length) {
        BackingSource backing = node.backing();
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
