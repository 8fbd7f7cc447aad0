package ringside.emulator.block.filter;

import java.util.Optional;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.StorageLifetime;
import ringside.emulator.block.ZonedStorage;

/** A filter is what it stands on, unless it says otherwise. */
interface FilterNode extends BlockNode {
    /** The node that the filter stands on. */
    BlockNode child();

    @Override
    default long lengthBytes() {
        return child().lengthBytes();
    }

    @Override
    default boolean readOnly() {
        return child().readOnly();
    }

    @Override
    default boolean writeback() {
        return child().writeback();
    }

    @Override
    default int physicalBlockBytes() {
        return child().physicalBlockBytes();
    }

    @Override
    default boolean unmaps() {
        return child().unmaps();
    }

    @Override
    default boolean erases() {
        return child().erases();
    }

    @Override
    default Optional<StorageLifetime> lifetime() {
        return child().lifetime();
    }

    @Override
    default Optional<ZonedStorage> zones() {
        return child().zones();
    }

    @Override
    default void resize(long bytes) {
        child().resize(bytes);
    }

    @Override
    default BlockStatus status(long offsetBytes, long lengthBytes) {
        return child().status(offsetBytes, lengthBytes);
    }

    @Override
    default BlockEvents events() {
        return child().events();
    }

    @Override
    default void close() {
        child().close();
    }
}
