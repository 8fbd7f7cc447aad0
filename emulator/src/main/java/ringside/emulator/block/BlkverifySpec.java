package ringside.emulator.block;

import java.util.Optional;

/**
 * Does every request on two nodes and compares (QEMU: driver blkverify, docs/devel/blkverify.rst).
 *
 * @param file the node under test
 * @param raw the node that is right
 */
public record BlkverifySpec(BlockNodeSpec file, BlockNodeSpec raw) implements BlockNodeSpec {
    @Override
    public String driver() {
        return "blkverify";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
