package ringside.emulator.block;

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
        };
    }
}
