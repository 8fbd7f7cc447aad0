package ringside.emulator.block;

import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/** Finds data and holes of a file (lseek(2), SEEK_DATA and SEEK_HOLE). */
final class RawStatus {
    private RawStatus() {}

    static BlockStatus of(RawNode node, long offsetBytes, long lengthBytes) {
        long data = LibC.seekData(node.fd(), offsetBytes);
        if (data == -Errno.ENXIO) {
            return BlockStatus.zero(lengthBytes); // a hole up to the end, or behind it
        }
        if (data < 0) {
            return BlockStatus.data(lengthBytes, offsetBytes); // the file system cannot tell
        }
        if (data > offsetBytes) {
            return BlockStatus.zero(Math.min(lengthBytes, data - offsetBytes));
        }
        long hole = LibC.seekHole(node.fd(), offsetBytes);
        long known = hole < 0 ? lengthBytes : hole - offsetBytes;
        return BlockStatus.data(Math.min(lengthBytes, known), offsetBytes);
    }
}
