package ringside.emulator.block;

/**
 * What a device queue submits to: a node as seen from one loop. All calls in the context of that loop.
 */
public interface BlockBackend extends AutoCloseable {
    /**
     * Takes a request. Never blocks and never fails: every outcome is a completion, which may come before this method
     * returns. The range has been checked against {@link BlockNode#lengthBytes()} by the caller.
     */
    void submit(BlockRequest request);

    /** Ends a batch: everything submitted reaches the kernel now (QEMU: unplug). */
    void commit();

    /** Detaches from the loop; call only with nothing in flight. */
    @Override
    void close();
}
