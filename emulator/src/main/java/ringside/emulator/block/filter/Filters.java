package ringside.emulator.block.filter;

import java.util.function.Function;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.ThrottleSpec;

/** Opens filters; called by {@link BlockNodes}. */
public final class Filters {
    private Filters() {}

    /** Opens a blkdebug node with what is below. */
    public static BlockNode open(BlkdebugSpec spec) {
        return over(spec.file(), child -> new BlkdebugNode(spec, child));
    }

    /** Opens a delay node with what is below. */
    public static BlockNode open(DelaySpec spec) {
        return over(spec.file(), child -> new DelayNode(spec, child));
    }

    /** Opens a throttle node with what is below. */
    public static BlockNode open(ThrottleSpec spec) {
        return over(spec.file(), child -> new ThrottleNode(spec, child));
    }

    /** A child that has no parent, because that cannot be, is closed. */
    private static BlockNode over(BlockNodeSpec below, Function<BlockNode, BlockNode> parent) {
        BlockNode child = BlockNodes.open(below);
        try {
            return parent.apply(child);
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }
}
