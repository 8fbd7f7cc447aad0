package ringside.emulator.block;

import ringside.emulator.aio.AioContext;

/** A disk without storage (QEMU: null-co at latency 0, null-aio otherwise). It isolates the cost of the stack. */
final class NullNode implements BlockNode {
    private static final int BLOCK_BYTES = 512;

    private final BlockNodeSpec.Null spec;
    private volatile long lengthBytes;

    NullNode(BlockNodeSpec.Null spec) {
        this.spec = spec;
        this.lengthBytes = spec.sizeBytes();
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public boolean writeback() {
        return true;
    }

    @Override
    public int physicalBlockBytes() {
        return BLOCK_BYTES;
    }

    /** Nothing is kept, so nothing is left to be found. */
    @Override
    public boolean erases() {
        return true;
    }

    @Override
    public void resize(long bytes) {
        lengthBytes = new BlockNodeSpec.Null(bytes, spec.latencyNs(), spec.readZeroes()).sizeBytes();
    }

    @Override
    public String description() {
        return "driver=null,size=%d,latency-ns=%d,read-zeroes=%s"
                .formatted(lengthBytes, spec.latencyNs(), spec.readZeroes() ? "on" : "off");
    }

    @Override
    public BlockFile file() {
        return new NullFile(this);
    }

    @Override
    public BlockStatus status(long offsetBytes, long length) {
        return BlockStatus.zero(length);
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return spec.latencyNs() == 0
                ? new InlineNullBackend(spec.readZeroes())
                : new DelayedNullBackend(context.loop(), spec.latencyNs(), spec.readZeroes());
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
