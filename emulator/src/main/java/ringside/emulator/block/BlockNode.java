package ringside.emulator.block;

import java.util.Optional;
import ringside.emulator.aio.AioContext;

/** An opened block node, shared by all loops. Only its size may change after opening; safe for any thread. */
public interface BlockNode extends AutoCloseable {
    /** Size in bytes, a multiple of 512. */
    long lengthBytes();

    /** Whether writes are refused. */
    boolean readOnly();

    /** Whether the node has a volatile write cache as seen by the device: cache.writeback of the cache mode. */
    boolean writeback();

    /** Preferred block size in bytes: O_DIRECT's alignment, or 512. Reported to the guest as its physical block. */
    int physicalBlockBytes();

    /** Whether DISCARD, and WRITE_ZEROES that may unmap, can free storage: decided when the node is opened. */
    default boolean unmaps() {
        return false;
    }

    /** Whether SECURE_ERASE is served. */
    default boolean erases() {
        return false;
    }

    /** Wear of the storage as it was when the node was opened; empty where it has no such metrics. */
    default Optional<StorageLifetime> lifetime() {
        return Optional.empty();
    }

    /** The zones of a zoned node; empty for any other, which takes no requests for zones. */
    default Optional<ZonedStorage> zones() {
        return Optional.empty();
    }

    /**
     * Changes the size (QEMU: block_resize). With no request in flight.
     *
     * @param bytes new size, a positive multiple of 512
     * @throws IllegalArgumentException when the storage cannot have it: one line with the remedy
     */
    default void resize(long bytes) {
        throw new IllegalArgumentException(description() + ": cannot be resized; use a raw image file");
    }

    /** Driver and effective options, for messages and results, in the manner of -blockdev. */
    String description();

    /**
     * The blocking side of the node.
     *
     * @throws IllegalArgumentException where it has none
     */
    default BlockFile file() {
        throw new IllegalArgumentException(description() + ": cannot be used as a file");
    }

    /** Whether a write behind the end makes the node longer, and what lies between reads as zeroes. */
    default boolean growsWithZeroes() {
        return false;
    }

    /**
     * What is known of a range. May block; not on a loop.
     *
     * @param lengthBytes how far to look, at least 1; the answer may hold for less
     */
    default BlockStatus status(long offsetBytes, long lengthBytes) {
        return BlockStatus.data(lengthBytes, offsetBytes);
    }

    /**
     * Where the format on top of this node says what it does: {@link BlockEvents#NONE} unless a blkdebug node is
     * this one or below.
     */
    default BlockEvents events() {
        return BlockEvents.NONE;
    }

    /** The node as seen from one loop. Registers what it needs with the context. */
    BlockBackend attach(AioContext context);

    @Override
    void close();
}
