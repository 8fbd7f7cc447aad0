package ringside.emulator.block.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkverifySpec;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CopyOnReadSpec;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.LogWritesSpec;
import ringside.emulator.block.QuorumSpec;
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

    /** Opens a blkverify node with what is below. */
    public static BlockNode open(BlkverifySpec spec) {
        return over(spec.file(), spec.raw(), (test, raw) -> new BlkverifyNode(spec, test, raw));
    }

    /** Opens a log-writes node with what is below, and its log. */
    public static BlockNode open(LogWritesSpec spec) {
        return over(spec.file(), spec.log(), (child, log) -> new LogWritesNode(spec, child, log));
    }

    /** Opens a copy-on-read node with what is below. */
    public static BlockNode open(CopyOnReadSpec spec) {
        return over(spec.file(), CopyOnReadNode::new);
    }

    /** Opens a quorum with its children. */
    public static BlockNode open(QuorumSpec spec) {
        List<BlockNode> children = new ArrayList<>();
        try {
            spec.children().forEach(child -> children.add(BlockNodes.open(child)));
            return new QuorumNode(spec, children);
        } catch (RuntimeException e) {
            children.forEach(BlockNode::close);
            throw e;
        }
    }

    private static BlockNode over(
            BlockNodeSpec first, BlockNodeSpec second, BiFunction<BlockNode, BlockNode, BlockNode> parent) {
        return over(first, one -> over(second, other -> parent.apply(one, other)));
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
