package ringside.emulator.block;

/**
 * One request to a zoned node that has something to do before or after the request below: a reused slot of a
 * {@link ZonedBackend}. In the context of its loop.
 */
final class ZonedRequest implements BlockCompletion {
    private final ZonedBackend owner;
    private final ZoneTable table;
    private final BlockRequest below = new BlockRequest(this);
    private final BlockRequest stateFlush = new BlockRequest((_, error) -> end(error));
    private BlockRequest request;
    private long readableBytes;

    /** Zones that are still to be reset: from the first to before the last. */
    private int resetZone;

    private int resetEnd;
    private int failure;

    /** A step is being taken, so a completion that comes now is answered by its loop. */
    private boolean stepping;

    private boolean stepAgain;

    /** The next free slot of the owner. */
    ZonedRequest nextFree;

    ZonedRequest(ZonedBackend owner) {
        this.owner = owner;
        this.table = owner.table();
        stateFlush.op = BlockOp.FLUSH;
    }

    void begin(BlockRequest taken) {
        request = taken;
        switch (taken.op) {
            case READ -> read();
            case FLUSH -> forward(BlockOp.FLUSH, taken.offsetBytes);
            case WRITE, WRITE_ZEROES -> write();
            case ZONE_APPEND -> append();
            case ZONE_OPEN -> changed(table.openExplicitly(taken.offsetBytes));
            case ZONE_CLOSE -> changed(table.close(taken.offsetBytes));
            case ZONE_FINISH -> changed(table.finish(taken.offsetBytes));
            case ZONE_RESET -> reset();
            case ZONE_RESET_ALL -> resetAll();
            case SECURE_ERASE -> erase();
            case DISCARD -> end(ZoneError.INVALID_COMMAND);
        }
    }

    /** What is written meanwhile was not there when this read came, so it stays blank. */
    private void read() {
        readableBytes = table.readable(request.offsetBytes, request.lengthBytes);
        forward(BlockOp.READ, request.offsetBytes);
    }

    private void forward(BlockOp op, long offsetBytes) {
        below.op = op;
        below.offsetBytes = offsetBytes;
        below.lengthBytes = request.lengthBytes;
        below.fua = request.fua;
        below.mayUnmap = request.mayUnmap;
        below.segmentAddress = request.segmentAddress;
        below.segmentBytes = request.segmentBytes;
        below.segmentFirst = request.segmentFirst;
        below.segmentCount = request.segmentCount;
        below.timeline = request.timeline;
        below.timelineHead = request.timelineHead;
        owner.below().submit(below);
    }

    private void write() {
        int error = table.beginWrite(request.offsetBytes, request.lengthBytes);
        if (error == 0) {
            forward(request.op, request.offsetBytes);
        } else {
            end(error);
        }
    }

    private void append() {
        long offset = table.beginAppend(request.offsetBytes, request.lengthBytes);
        if (offset >= 0) {
            request.appendedAtBytes = offset;
            forward(BlockOp.WRITE, offset);
        } else {
            end((int) -offset);
        }
    }

    private void reset() {
        int error = table.checkReset(request.offsetBytes);
        if (error == 0) {
            int zone = table.zoneOf(request.offsetBytes);
            resetZones(zone, zone + 1);
        } else {
            end(error);
        }
    }

    private void resetAll() {
        resetZones(0, table.zones());
    }

    /** VIRTIO-1.4 §5.2.6.2: as resets of the zones of the range, with nothing left behind. */
    private void erase() {
        long from = request.offsetBytes;
        long to = from + request.lengthBytes;
        int first = table.zoneOf(from);
        int end = table.zoneOf(to - 1) + 1;
        boolean wholeZones = from == table.startBytes(first) && (end == table.zones() || to == table.startBytes(end));
        for (int zone = first; zone < end && wholeZones; zone++) {
            wholeZones = table.resettable(zone);
        }
        if (!wholeZones) {
            end(ZoneError.INVALID_COMMAND);
            return;
        }
        resetZone = first;
        resetEnd = end;
        forward(BlockOp.SECURE_ERASE, from);
    }

    private void resetZones(int first, int end) {
        resetZone = first;
        resetEnd = end;
        failure = 0;
        step();
    }

    /** Goes on with resets until one waits for the request below. Does not recurse, however many end at once. */
    private void step() {
        if (stepping) {
            stepAgain = true;
            return;
        }
        stepping = true;
        do {
            stepAgain = false;
            resetNext();
        } while (stepAgain);
        stepping = false;
        if (resetZone == resetEnd) {
            changed(failure);
        }
    }

    /** Resets zones up to the first whose content must go first. */
    private void resetNext() {
        while (resetZone < resetEnd) {
            long written = table.resettable(resetZone) ? table.written(resetZone) : 0;
            boolean aware = table.spec().model() == ZoneModel.HOST_AWARE;
            if (written > 0 && (aware || owner.discards())) {
                clear(aware ? BlockOp.WRITE_ZEROES : BlockOp.DISCARD, written);
                return;
            }
            table.reset(resetZone++);
        }
    }

    /** Blank sectors of a host-aware zone are read from below, so they must be zero there. */
    private void clear(BlockOp op, long written) {
        below.op = op;
        below.offsetBytes = table.startBytes(resetZone);
        below.lengthBytes = written;
        below.fua = request.fua;
        below.mayUnmap = true;
        below.segmentCount = 0;
        below.timeline = null;
        owner.below().submit(below);
    }

    @Override
    public void completed(BlockRequest done, int error) {
        switch (request.op) {
            case READ -> blankTail(error);
            case FLUSH -> flushed(error);
            case WRITE, WRITE_ZEROES, ZONE_APPEND -> written(error);
            case SECURE_ERASE -> erased(error);
            default -> cleared(error);
        }
    }

    private void blankTail(int error) {
        if (error == 0) {
            Segments.zeroFrom(request, readableBytes);
        }
        end(error);
    }

    private void flushed(int error) {
        if (error == 0 && owner.persists()) {
            owner.persist(stateFlush);
        } else {
            end(error);
        }
    }

    private void written(int error) {
        if (error != 0) {
            table.writeFailed(below.offsetBytes, below.lengthBytes);
            end(error);
        } else {
            table.writeCompleted(below.offsetBytes, below.lengthBytes);
            changed(0);
        }
    }

    private void erased(int error) {
        if (error != 0) {
            end(error);
            return;
        }
        while (resetZone < resetEnd) {
            table.reset(resetZone++);
        }
        changed(0);
    }

    private void cleared(int error) {
        if (error == 0) {
            table.reset(resetZone++);
        } else {
            failure = error;
            resetEnd = resetZone; // the rest stays as it is
        }
        step();
    }

    /** States have changed, or not: with the write cache off they must be stable. */
    private void changed(int error) {
        if (error == 0 && request.fua && owner.persists()) {
            owner.persist(stateFlush);
        } else {
            end(error);
        }
    }

    private void end(int error) {
        BlockRequest ended = request;
        request = null;
        owner.release(this);
        ended.completion.completed(ended, error);
    }
}
