package ringside.emulator.block;

import java.util.Optional;

/**
 * A host file as the storage of a format (QEMU: driver file): of any length, and longer after a write behind its end.
 *
 * @param raw path, cache mode and engine
 */
public record FileSpec(BlockNodeSpec.Raw raw) implements BlockNodeSpec {
    @Override
    public String driver() {
        return "file";
    }

    @Override
    public Optional<Raw> image() {
        return Optional.empty();
    }
}
