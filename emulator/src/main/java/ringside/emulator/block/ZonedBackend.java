package ringside.emulator.block;

import java.util.Optional;

/** A zoned node as seen from one loop. Requests that zones do not concern go down as they are. */
final class ZonedBackend implements BlockBackend {
    private final ZoneTable table;
    private final boolean discards;
    private final BlockBackend below;
    private final Optional<BlockBackend> state;
    private ZonedRequest free;

    /**
     * @param discards whether a discard frees storage, so that a reset is worth one
     * @param state where the zones' states are flushed; empty when they are not kept
     */
    ZonedBackend(ZoneTable table, boolean discards, BlockBackend below, Optional<BlockBackend> state) {
        this.table = table;
        this.discards = discards;
        this.below = below;
        this.state = state;
    }

    ZoneTable table() {
        return table;
    }

    boolean discards() {
        return discards;
    }

    BlockBackend below() {
        return below;
    }

    /** Whether states can be made stable. */
    boolean persists() {
        return state.isPresent();
    }

    /** Makes the states stable. */
    void persist(BlockRequest flush) {
        BlockBackend target = state.orElseThrow();
        target.submit(flush);
        target.commit();
    }

    @Override
    public void submit(BlockRequest request) {
        switch (request.op) {
            case READ -> read(request);
            case DISCARD -> discard(request);
            default -> take().begin(request);
        }
    }

    private void read(BlockRequest request) {
        int error = table.checkRead(request.offsetBytes, request.lengthBytes);
        if (error != 0) {
            request.completion.completed(request, error);
            return;
        }
        long readable = table.readable(request.offsetBytes, request.lengthBytes);
        if (readable == request.lengthBytes) {
            below.submit(request);
        } else if (readable == 0) {
            Segments.zeroFrom(request, 0);
            request.completion.completed(request, 0);
        } else {
            take().begin(request);
        }
    }

    /** A zone that must be written in order is emptied by a reset, not by a discard. */
    private void discard(BlockRequest request) {
        int first = table.zoneOf(request.offsetBytes);
        int last = table.zoneOf(request.offsetBytes + request.lengthBytes - 1);
        boolean managed =
                table.spec().model() == ZoneModel.HOST_MANAGED && (table.sequential(first) || table.sequential(last));
        if (managed) {
            request.completion.completed(request, ZoneError.INVALID_COMMAND);
        } else {
            below.submit(request);
        }
    }

    @Override
    public void commit() {
        below.commit();
    }

    private ZonedRequest take() {
        ZonedRequest slot = free;
        if (slot == null) {
            return new ZonedRequest(this);
        }
        free = slot.nextFree;
        return slot;
    }

    void release(ZonedRequest slot) {
        slot.nextFree = free;
        free = slot;
    }

    @Override
    public void close() {
        below.close();
        state.ifPresent(BlockBackend::close);
    }
}
