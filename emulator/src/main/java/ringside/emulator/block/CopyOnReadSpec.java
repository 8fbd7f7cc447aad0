package ringside.emulator.block;

import java.util.Optional;

/**
 * Writes what is read from a backing file into the image (QEMU: driver copy-on-read).
 *
 * @param file an image with a backing file
 */
public record CopyOnReadSpec(BlockNodeSpec file) implements BlockNodeSpec {
    @Override
    public String driver() {
        return "copy-on-read";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
