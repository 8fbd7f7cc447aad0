package ringside.emulator.block;

import java.util.OptionalLong;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/**
 * Finds data and holes of a file (lseek(2), SEEK_DATA and SEEK_HOLE). Where nobody writes through the node it remembers the
 * last run of data: to find its end, some file systems walk over all of its pages, each time that they are asked.
 */
final class RawStatus {
    private final RawNode node;
    private final boolean remembers;
    private volatile Run last = new Run(0, 0);

    /** A run of data. */
    private record Run(long from, long to) {}

    RawStatus(RawNode node) {
        this.node = node;
        this.remembers = node.readOnly();
    }

    BlockStatus of(long offsetBytes, long lengthBytes) {
        Run known = last;
        if (remembers && offsetBytes >= known.from() && offsetBytes < known.to()) {
            return BlockStatus.data(Math.min(lengthBytes, known.to() - offsetBytes), offsetBytes);
        }
        long data = LibC.seekData(node.fd(), offsetBytes);
        if (data == -Errno.ENXIO) {
            return hole(offsetBytes, lengthBytes); // a hole up to the end, or behind it
        }
        if (data < 0) {
            return BlockStatus.data(lengthBytes, offsetBytes); // the file system cannot tell
        }
        if (data > offsetBytes) {
            return hole(offsetBytes, Math.min(lengthBytes, data - offsetBytes));
        }
        long hole = LibC.seekHole(node.fd(), offsetBytes);
        long end = hole < 0 ? offsetBytes + lengthBytes : hole;
        last = new Run(offsetBytes, end);
        return BlockStatus.data(Math.min(lengthBytes, end - offsetBytes), offsetBytes);
    }

    /** A hole has a place, too: a write would go there. */
    private static BlockStatus hole(long offsetBytes, long lengthBytes) {
        return new BlockStatus(lengthBytes, true, true, false, true, false, 0, OptionalLong.of(offsetBytes));
    }
}
