package ringside.emulator.block;

import ringside.emulator.block.filter.Filters;
import ringside.emulator.block.nbd.NbdNode;
import ringside.emulator.block.qcow2.Qcow2Node;

/** Opens block nodes from their specifications. */
public final class BlockNodes {
    private BlockNodes() {}

    /**
     * Opens a node.
     *
     * @throws IllegalArgumentException when the image or an option is not usable: one line with the remedy
     */
    public static BlockNode open(BlockNodeSpec spec) {
        return switch (spec) {
            case BlockNodeSpec.Null s -> new NullNode(s);
            case BlockNodeSpec.Raw s -> RawNode.open(s);
            case BlockNodeSpec.Zoned s -> ZonedNode.open(s);
            case FileSpec s -> RawNode.open(s);
            case BlkdebugSpec s -> Filters.open(s);
            case Qcow2Spec s -> Qcow2Node.open(s);
            case BlkverifySpec s -> Filters.open(s);
            case CopyOnReadSpec s -> Filters.open(s);
            case DelaySpec s -> Filters.open(s);
            case LogWritesSpec s -> Filters.open(s);
            case NbdSpec s -> NbdNode.open(s);
            case QuorumSpec s -> Filters.open(s);
            case ThrottleSpec s -> Filters.open(s);
        };
    }
}
