package ringside.emulator.block;

import ringside.emulator.block.filter.Filters;

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
            case Qcow2Spec s -> throw notBuilt(s);
            case BlkdebugSpec s -> Filters.open(s);
            case BlkverifySpec s -> throw notBuilt(s);
            case CopyOnReadSpec s -> throw notBuilt(s);
            case DelaySpec s -> Filters.open(s);
            case LogWritesSpec s -> throw notBuilt(s);
            case NbdSpec s -> throw notBuilt(s);
            case QuorumSpec s -> throw notBuilt(s);
            case ThrottleSpec s -> Filters.open(s);
        };
    }

    private static IllegalArgumentException notBuilt(BlockNodeSpec spec) {
        return new IllegalArgumentException("driver=" + spec.driver() + " is not available in this build");
    }
}
