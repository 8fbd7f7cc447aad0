package ringside.emulator.block.qcow2;

import java.util.concurrent.Executor;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.coroutine.Coroutine;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.ffi.Errno;

/**
 * What {@link Qcow2Request} does, written as if it could wait: requests of one coroutine, one after the other. Extents of a
 * request are served in turn; metadata that are not in memory are loaded by a worker, and the code goes on behind that.
 */
final class StraightRequest {
    private final StraightBackend backend;
    private final Coroutine self;
    private final Qcow2Metadata metadata;
    private final Qcow2Geometry geometry;
    private final ExtentFinder finder;
    private final ExtentFinder loading;
    private final Extent extent = new Extent();
    private final BlockRequest below;
    private final Runnable resume;
    private BlockRequest request;
    private boolean allocated;
    private int workError;

    StraightRequest(StraightBackend backend, Coroutine self) {
        this.backend = backend;
        this.self = self;
        this.metadata = backend.metadata();
        this.geometry = metadata.geometry();
        this.finder = metadata.finder();
        this.loading = metadata.finder();
        this.below = new BlockRequest(self::completed);
        this.resume = self::resume;
    }

    /** Serves a request to its end. */
    int serve(BlockRequest next) {
        request = next;
        try {
            return switch (request.op) {
                case READ -> read();
                case WRITE -> write();
                case FLUSH -> flush();
                case DISCARD, WRITE_ZEROES -> work(this::whole);
                default -> Errno.EOPNOTSUPP;
            };
        } catch (BlockIoException e) {
            return BlockingWork.errnoOf(e);
        }
    }

    private int read() {
        int error = 0;
        for (long done = 0; done < request.lengthBytes && error == 0; done += extent.lengthBytes) {
            long begun = backend.member().enter();
            try {
                find(done);
                error = readExtent(done);
            } finally {
                backend.member().exit(begun);
            }
        }
        return error;
    }

    private int readExtent(long done) {
        return switch (extent.kind) {
            case DATA -> transfer(BlockEvent.READ_AIO, backend.data(), extent.hostBytes, done, extent.lengthBytes);
            case ZERO -> zero(done, extent.lengthBytes);
            case UNALLOCATED -> readBehind(done);
            case COMPRESSED -> work(() -> moveBlocking(done));
        };
    }

    /** What this image does not have: from the backing file as far as it goes, then zeroes. */
    private int readBehind(long done) {
        long at = request.offsetBytes + done;
        long there = Math.clamp(backend.backing().lengthBytes() - at, 0, extent.lengthBytes);
        zero(done + there, extent.lengthBytes - there);
        return there > 0 ? transfer(BlockEvent.READ_BACKING_AIO, backend.behind(), at, done, there) : 0;
    }

    private int zero(long done, long length) {
        SegmentSlicer.zero(request, done, length);
        return 0;
    }

    private int write() {
        if (metadata.corrupt()) {
            return Errno.EIO;
        }
        allocated = false;
        int error = 0;
        for (long done = 0; done < request.lengthBytes && error == 0; done += extent.lengthBytes) {
            error = writeExtent(done);
        }
        return error == 0 && request.fua && (allocated || metadata.changed()) ? help(backend.image()::flush) : error;
    }

    private int writeExtent(long done) {
        long begun = backend.member().enter();
        try {
            find(done);
            if (inPlace()) {
                return transfer(BlockEvent.WRITE_AIO, backend.data(), extent.hostBytes, done, extent.lengthBytes);
            }
        } finally {
            backend.member().exit(begun);
        }
        long first = request.offsetBytes + done >>> geometry.clusterBits();
        long last = request.offsetBytes + done + extent.lengthBytes - 1 >>> geometry.clusterBits();
        int error = writeHeld(done, first, last);
        if (error >= 0) {
            return error;
        }
        allocated = true;
        return work(() -> moveBlocking(done));
    }

    private boolean inPlace() {
        return extent.kind == Extent.Kind.DATA
                && extent.copied
                && !metadata.hitsMetadata(extent.hostBytes, extent.lengthBytes);
    }

    /** Allocates with the clusters held. Returns an errno or 0, or a negative number where it takes blocking calls. */
    private int writeHeld(long done, long first, long last) {
        while (!metadata.clusters().tryAcquire(first, last, resume)) {
            self.await();
        }
        long begun = backend.member().enter();
        try {
            // The clusters may have been allocated while this waited; more than is held is not looked at.
            find(done, Math.min(request.lengthBytes - done, held(done, last)));
            if (inPlace()) {
                return transfer(BlockEvent.WRITE_AIO, backend.data(), extent.hostBytes, done, extent.lengthBytes);
            }
            return isPlain(request.offsetBytes + done) ? allocate(done) : -1;
        } finally {
            backend.member().exit(begun);
            metadata.clusters().release(first, last);
        }
    }

    private long held(long done, long last) {
        return (last + 1 << geometry.clusterBits()) - request.offsetBytes - done;
    }

    private boolean isPlain(long at) {
        return extent.kind == Extent.Kind.UNALLOCATED
                && extent.entry == 0
                && !geometry.extendedL2()
                && !metadata.dataFile()
                && !backend.backing().reaches(geometry.clusterStart(at));
    }

    /** New clusters, the data, and only then the entries that lead to them. */
    private int allocate(long done) {
        long at = request.offsetBytes + done;
        long within = at & geometry.clusterBytes() - 1;
        int clusters = (int) geometry.clusters(within + extent.lengthBytes);
        boolean whole = within == 0 && extent.lengthBytes == (long) clusters << geometry.clusterBits();
        long place = metadata.tryAllocate(clusters, !whole);
        if (place < 0) {
            return -1;
        }
        allocated = true;
        int error = transfer(BlockEvent.WRITE_AIO, backend.data(), place + within, done, extent.lengthBytes);
        if (error != 0) {
            metadata.free(place, clusters);
            return error;
        }
        return link(geometry.clusterStart(at), place, clusters);
    }

    private int link(long guest, long place, int clusters) {
        for (int i = 0; i < clusters; i++) {
            long cluster = (long) i << geometry.clusterBits();
            long entry = place + cluster | L2Entry.COPIED;
            if (!metadata.tryLink(guest + cluster, entry, 0)) {
                int error = help(() -> metadata.link(guest + cluster, entry, 0));
                if (error != 0) {
                    return error;
                }
            }
        }
        return 0;
    }

    private int flush() {
        if (metadata.corrupt()) {
            return Errno.EIO;
        }
        if (metadata.changed()) {
            return work(this::whole);
        }
        below.op = BlockOp.FLUSH;
        below.offsetBytes = 0;
        below.lengthBytes = 0;
        below.fua = false;
        below.timeline = null;
        return self.submit(backend.data(), below);
    }

    private void find(long done) {
        find(done, request.lengthBytes - done);
    }

    /** Finds the extent at a place of the request; waits for the table where it is not in memory. */
    private void find(long done, long maxBytes) {
        long at = request.offsetBytes + done;
        while (!finder.find(at, maxBytes, extent)) {
            int error = help(() -> metadata.find(loading, at, 1, new Extent()));
            if (error != 0) {
                throw new BlockIoException(error, "qcow2: a table cannot be loaded");
            }
        }
    }

    private int transfer(BlockEvent event, BlockBackend target, long offset, long done, long length) {
        metadata.events().raise(event);
        below.op = request.op;
        below.offsetBytes = offset;
        below.lengthBytes = length;
        below.fua = request.fua && !allocated;
        below.timeline = request.timeline;
        below.timelineHead = request.timelineHead;
        SegmentSlicer.slice(request, done, length, below);
        return self.submit(target, below);
    }

    /** On a worker: the extent by blocking calls. */
    private void moveBlocking(long done) {
        SegmentSlicer.slice(request, done, extent.lengthBytes, below);
        BlockingWork.Transfer move = request.op == BlockOp.READ ? backend.image()::read : backend.image()::write;
        BlockingWork.eachSegment(below, request.offsetBytes + done, move);
    }

    private void whole() {
        BlockingWork.execute(request, backend.image(), backend.discards());
    }

    /** Has a worker do what blocks, and waits for it. */
    private int work(Runnable task) {
        return run(backend.workers(), task);
    }

    /** The same for what never waits for clusters; this may be done with clusters held. */
    private int help(Runnable task) {
        return run(backend.helpers(), task);
    }

    private int run(Executor threads, Runnable task) {
        threads.execute(() -> {
            int error = 0;
            try {
                task.run();
            } catch (RuntimeException e) {
                error = BlockingWork.errnoOf(e);
            }
            workError = error;
            self.resume();
        });
        self.await();
        return workError;
    }
}
