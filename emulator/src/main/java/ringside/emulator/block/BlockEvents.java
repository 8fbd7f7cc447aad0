package ringside.emulator.block;

/**
 * Where a format says what it is about to do, so that a fault can be armed for it (QEMU: BLKDBG_EVENT). A format asks its
 * child for {@link BlockNode#events()} once, when it is opened, keeps the answer in a final field, and raises an event just before
 * the I/O that the event is named after. Any thread; never blocks, never fails.
 */
@FunctionalInterface
public interface BlockEvents {
    /** Nobody listens. A constant, so that a format can also ask once and leave the calls out. */
    BlockEvents NONE = _ -> {};

    /** The I/O that is submitted next belongs to this event. */
    void raise(BlockEvent event);
}
