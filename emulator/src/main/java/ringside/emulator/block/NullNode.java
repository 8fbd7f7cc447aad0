package ringside.emulator.block;

import ringside.emulator.aio.AioContext;

/** A disk without storage (QEMU: null-co at latency 0, null-aio otherwise). It isolates the cost of the stack. */
final class NullNode implements BlockNode {
    private static final int BLOCK_BYTES = 512;

    private final BlockNodeSpec.Null spec;

    NullNode(BlockNodeSpec.Null spec) {
        this.spec = spec;
    }

    @Override
    public long lengthBytes() {
        return spec.sizeBytes();
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

    @Override
    public String description() {
        return "driver=null,size=%d,latency-ns=%d,read-zeroes=%s"
                .formatted(spec.sizeBytes(), spec.latencyNs(), spec.readZeroes() ? "on" : "off");
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
