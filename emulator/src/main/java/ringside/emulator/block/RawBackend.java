package ringside.emulator.block;

import ringside.emulator.aio.AioEngine;
import ringside.emulator.trace.TracePoint;

/** A raw node as seen from one loop: turns block requests into engine operations. */
final class RawBackend implements BlockBackend {
    private final RawNode node;
    private final AioEngine engine;

    RawBackend(RawNode node, AioEngine engine) {
        this.node = node;
        this.engine = engine;
    }

    RawNode node() {
        return node;
    }

    AioEngine engine() {
        return engine;
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.timeline != null) {
            request.timeline.stamp(request.timelineHead, TracePoint.BLOCK_SUBMIT);
        }
        RawRequest raw = slotOf(request);
        switch (request.op) {
            case READ, WRITE -> raw.transfer();
            case FLUSH -> raw.flush();
            case DISCARD -> raw.discard();
            case WRITE_ZEROES -> raw.writeZeroes();
        }
    }

    /** The engine-side slot stays with the request's slot; a machine never moves a slot to another back end. */
    private RawRequest slotOf(BlockRequest request) {
        if (request.backendState instanceof RawRequest raw && raw.belongsTo(this)) {
            return raw;
        }
        RawRequest made = new RawRequest(request, this);
        request.backendState = made;
        return made;
    }

    @Override
    public void commit() {
        engine.commit();
    }

    @Override
    public void close() {
        // The engine belongs to the loop and may serve other disks.
    }
}
