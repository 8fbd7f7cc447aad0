package ringside.emulator.block;

import ringside.emulator.trace.TracePoint;

/** Completes every request before submit returns. */
final class InlineNullBackend implements BlockBackend {
    private final boolean readZeroes;

    InlineNullBackend(boolean readZeroes) {
        this.readZeroes = readZeroes;
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.timeline != null) {
            request.timeline.stamp(request.timelineHead, TracePoint.BLOCK_SUBMIT);
        }
        if (readZeroes) {
            Segments.zeroIfRead(request);
        }
        request.completion.completed(request, 0);
    }

    @Override
    public void commit() {
        // Nothing waits.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
