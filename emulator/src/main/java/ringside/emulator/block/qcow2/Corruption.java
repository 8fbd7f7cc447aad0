package ringside.emulator.block.qcow2;

import ringside.emulator.block.BlockIoException;
import ringside.emulator.ffi.Errno;

/** What an image whose metadata contradict themselves is answered with. */
final class Corruption {
    private Corruption() {}

    static BlockIoException error(String what) {
        return new BlockIoException(
                Errno.EIO, "qcow2: the image is corrupt: " + what + "; repair it with: ringside image check -r all");
    }
}
