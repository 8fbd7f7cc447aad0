package ringside.emulator.block;

import ringside.emulator.aio.AioContext;

/** An opened block node, shared by all loops. Immutable after opening; safe for any thread. */
public interface BlockNode extends AutoCloseable {
    /** Size in bytes, a multiple of 512. */
    long lengthBytes();

    /** Whether writes are refused. */
    boolean readOnly();

    /** Whether the node has a volatile write cache as seen by the device: cache.writeback of the cache mode. */
    boolean writeback();

    /** Preferred block size in bytes: O_DIRECT's alignment, or 512. Reported to the guest as its physical block. */
    int physicalBlockBytes();

    /** Driver and effective options, for messages and results, in the manner of -blockdev. */
    String description();

    /** The node as seen from one loop. Registers what it needs with the context. */
    BlockBackend attach(AioContext context);

    @Override
    void close();
}
