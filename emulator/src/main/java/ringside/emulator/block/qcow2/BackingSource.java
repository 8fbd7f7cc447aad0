package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockNode;

/** What is behind an image, for blocking reads; nothing reads as zeroes. */
final class BackingSource {
    private final BlockNode node;
    private final long lengthBytes;

    /** @param node the backing node, or null */
    BackingSource(BlockNode node) {
        this.node = node;
        this.lengthBytes = node == null ? 0 : node.lengthBytes();
    }

    /** Whether anything but zeroes can come from an offset. */
    boolean reaches(long guestOffset) {
        return guestOffset < lengthBytes;
    }

    boolean isPresent() {
        return node != null;
    }

    BlockNode node() {
        return node;
    }

    long lengthBytes() {
        return lengthBytes;
    }

    void read(long guestOffset, MemorySegment into) {
        long there = Math.clamp(lengthBytes - guestOffset, 0, into.byteSize());
        if (there > 0) {
            node.file().read(guestOffset, into.asSlice(0, there));
        }
        into.asSlice(there).fill((byte) 0);
    }
}
