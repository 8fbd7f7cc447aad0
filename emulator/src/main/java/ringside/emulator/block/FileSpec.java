package ringside.emulator.block;

import java.util.Optional;
import ringside.emulator.aio.AioKind;

/**
 * A host file as the storage of a format (QEMU: driver file): of any length, and longer after a write behind its end.
 *
 * @param raw path, cache mode and engine
 */
public record FileSpec(BlockNodeSpec.Raw raw) implements BlockNodeSpec {
    public FileSpec {
        if (raw.aio() == AioKind.MMAP) {
            throw new IllegalArgumentException("aio=mmap needs a file of a fixed size: use another aio under a format");
        }
    }

    @Override
    public String driver() {
        return "file";
    }

    @Override
    public Optional<Raw> image() {
        return Optional.empty();
    }
}
