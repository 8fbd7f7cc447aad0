package ringside.emulator.block.qcow2;

import java.util.Arrays;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.ffi.Errno;

/**
 * A request's way through the image, on its loop as long as everything that it needs is in memory: extents, requests to the
 * file for each, new clusters linked, completion. Whatever needs I/O on metadata is handed to a worker, whole.
 */
final class Qcow2Request {
    private final BlockRequest request;
    private final Qcow2Backend backend;
    private final Qcow2Metadata metadata;
    private final Qcow2Geometry geometry;
    private final Extent extent = new Extent();
    private final Runnable retry = this::retryOnLoop;
    private final Runnable linkLater = this::linkOnWorker;
    private final BlockingWork blocking;
    private Qcow2Part[] parts = new Qcow2Part[0];
    private int count;
    private int pending;
    private int error;
    private long begun;

    /** Parts go to new clusters, so the clusters of the request are held. */
    private boolean allocates;

    private boolean held;

    /** A worker links what could not be linked in memory. */
    private boolean linking;

    /** What the worker found out; written by it, read on the loop. */
    int workerError;

    Qcow2Request(BlockRequest request, Qcow2Backend backend) {
        this.request = request;
        this.backend = backend;
        this.metadata = backend.metadata();
        this.geometry = metadata.geometry();
        this.blocking = new BlockingWork(request, backend, this);
    }

    boolean belongsTo(Qcow2Backend candidate) {
        return backend == candidate;
    }

    void begin() {
        error = 0;
        switch (request.op) {
            case READ -> read();
            case WRITE -> write();
            case FLUSH -> flush();
            case DISCARD, WRITE_ZEROES -> blocking.begin();
            default -> finish(Errno.EOPNOTSUPP);
        }
    }

    /** The worker is done. */
    void resumed() {
        if (linking) {
            linking = false;
            linked(workerError);
        } else {
            finish(workerError);
        }
    }

    private void read() {
        begun = backend.member().begin();
        if (plan(false)) {
            issue();
        } else {
            backend.member().end(begun);
            blocking.begin();
        }
    }

    private void write() {
        if (metadata.corrupt()) {
            finish(Errno.EIO);
            return;
        }
        begun = backend.member().begin();
        allocates = false;
        boolean planned = plan(true);
        if (planned && allocates) {
            if (!metadata.clusters().tryAcquire(firstCluster(), lastCluster(), retry)) {
                backend.member().end(begun);
                return;
            }
            held = true;
            allocates = false;
            planned = plan(true) && (!allocates || allocate()); // it may be different now
        }
        if (planned) {
            issue();
        } else {
            release();
            backend.member().end(begun);
            blocking.begin();
        }
    }

    private void retryOnLoop() {
        backend.again(this);
    }

    private long firstCluster() {
        return request.offsetBytes >>> geometry.clusterBits();
    }

    private long lastCluster() {
        return request.offsetBytes + request.lengthBytes - 1 >>> geometry.clusterBits();
    }

    private void release() {
        if (held) {
            held = false;
            metadata.clusters().release(firstCluster(), lastCluster());
        }
    }

    /** Finds the parts of the request. Returns false when that, or one of them, is a worker's task. */
    private boolean plan(boolean writes) {
        count = 0;
        try {
            for (long done = 0; done < request.lengthBytes; done += extent.lengthBytes) {
                long at = request.offsetBytes + done;
                if (!backend.finder().find(at, request.lengthBytes - done, extent)
                        || !(writes ? writable(at) : extent.kind != Extent.Kind.COMPRESSED)) {
                    return false;
                }
                add(done);
            }
            return true;
        } catch (RuntimeException _) {
            return false; // the worker meets it again and says what it is
        }
    }

    private boolean writable(long at) {
        if (extent.kind == Extent.Kind.DATA) {
            return extent.copied && !metadata.hitsMetadata(extent.hostBytes, extent.lengthBytes);
        }
        boolean plain = extent.kind == Extent.Kind.UNALLOCATED && extent.entry == 0 && !geometry.extendedL2();
        allocates = true;
        return plain
                && !metadata.dataFile()
                && !backend.backing().reaches(geometry.clusterStart(at))
                && metadata.linkable(at);
    }

    private void add(long from) {
        if (count == parts.length) {
            parts = Arrays.copyOf(parts, Math.max(1, 2 * count));
            for (int i = count; i < parts.length; i++) {
                parts[i] = new Qcow2Part(this);
            }
        }
        Qcow2Part part = parts[count++];
        part.kind = extent.kind;
        part.fromBytes = from;
        part.lengthBytes = extent.lengthBytes;
        part.hostBytes = extent.hostBytes;
        part.allocates = false;
    }

    /** Takes new clusters. Returns false, having taken none, when a worker must do it. */
    private boolean allocate() {
        for (int i = 0; i < count; i++) {
            Qcow2Part part = parts[i];
            if (part.kind != Extent.Kind.UNALLOCATED) {
                continue;
            }
            long within = (request.offsetBytes + part.fromBytes) & geometry.clusterBytes() - 1;
            int clusters = clustersOf(part);
            boolean whole = within == 0 && part.lengthBytes == (long) clusters << geometry.clusterBits();
            long place;
            try {
                place = metadata.tryAllocate(clusters, !whole);
            } catch (RuntimeException _) {
                place = Allocator.NOT_LOADED;
            }
            if (place < 0) {
                giveBack(i);
                return false;
            }
            part.hostBytes = place + within;
            part.allocates = true;
        }
        return true;
    }

    private int clustersOf(Qcow2Part part) {
        long within = (request.offsetBytes + part.fromBytes) & geometry.clusterBytes() - 1;
        return (int) geometry.clusters(within + part.lengthBytes);
    }

    /** New clusters of the first parts are free again. */
    private void giveBack(int end) {
        for (int i = 0; i < end; i++) {
            if (parts[i].allocates) {
                metadata.free(geometry.clusterStart(parts[i].hostBytes), clustersOf(parts[i]));
                parts[i].allocates = false;
            }
        }
    }

    private void issue() {
        pending = 1;
        for (int i = 0; i < count; i++) {
            Qcow2Part part = parts[i];
            if (part.kind == Extent.Kind.DATA || part.allocates) {
                metadata.events().raise(request.op == BlockOp.READ ? BlockEvent.READ_AIO : BlockEvent.WRITE_AIO);
                submit(part, backend.data(), part.hostBytes, part.lengthBytes);
            } else if (part.kind == Extent.Kind.ZERO) {
                SegmentSlicer.zero(request, part.fromBytes, part.lengthBytes);
            } else {
                readBehind(part);
            }
        }
        partCompleted(0);
    }

    /** What this image does not have: from the backing file as far as it goes, then zeroes. */
    private void readBehind(Qcow2Part part) {
        long at = request.offsetBytes + part.fromBytes;
        long there = Math.clamp(backend.backing().lengthBytes() - at, 0, part.lengthBytes);
        if (there < part.lengthBytes) {
            SegmentSlicer.zero(request, part.fromBytes + there, part.lengthBytes - there);
        }
        if (there > 0) {
            metadata.events().raise(BlockEvent.READ_BACKING_AIO);
            submit(part, backend.behind(), at, there);
        }
    }

    private void submit(Qcow2Part part, BlockBackend target, long offset, long length) {
        BlockRequest below = part.below;
        below.op = request.op;
        below.offsetBytes = offset;
        below.lengthBytes = length;
        below.fua = request.fua && !part.allocates;
        below.timeline = request.timeline;
        below.timelineHead = request.timelineHead;
        SegmentSlicer.slice(request, part.fromBytes, length, below);
        pending++;
        target.submit(below);
    }

    void partCompleted(int failure) {
        if (failure != 0) {
            error = failure;
        }
        if (--pending > 0) {
            return;
        }
        if (request.op == BlockOp.FLUSH) {
            finish(error);
        } else if (held) {
            written();
        } else {
            backend.member().end(begun);
            writtenInPlace();
        }
    }

    /** What led to the clusters may have been written a moment ago, and not be stable itself. */
    private void writtenInPlace() {
        if (error == 0 && request.fua && request.op == BlockOp.WRITE && metadata.changed()) {
            blocking.beginFlush();
        } else {
            finish(error);
        }
    }

    /** The data of new clusters are in the file, so entries may refer to them. */
    private void written() {
        if (error != 0) {
            giveBack(count);
            linked(error);
            return;
        }
        for (int i = 0; i < count; i++) {
            if (parts[i].allocates && !tryLink(parts[i])) {
                linking = true;
                backend.help(linkLater);
                return;
            }
        }
        linked(0);
    }

    private boolean tryLink(Qcow2Part part) {
        long guest = geometry.clusterStart(request.offsetBytes + part.fromBytes);
        long host = geometry.clusterStart(part.hostBytes);
        for (int i = 0; i < clustersOf(part); i++) {
            long cluster = (long) i << geometry.clusterBits();
            if (!metadata.tryLink(guest + cluster, host + cluster | L2Entry.COPIED, 0)) {
                return false;
            }
        }
        return true;
    }

    /** A table was evicted meanwhile: on a worker it can be loaded. Linking twice does no harm. */
    private void linkOnWorker() {
        int outcome = 0;
        try {
            for (int i = 0; i < count; i++) {
                Qcow2Part part = parts[i];
                long guest = geometry.clusterStart(request.offsetBytes + part.fromBytes);
                long host = geometry.clusterStart(part.hostBytes);
                for (int c = 0; part.allocates && c < clustersOf(part); c++) {
                    long cluster = (long) c << geometry.clusterBits();
                    metadata.link(guest + cluster, host + cluster | L2Entry.COPIED, 0);
                }
            }
        } catch (RuntimeException e) {
            outcome = BlockingWork.errnoOf(e);
        }
        workerError = outcome;
        backend.resume(this);
    }

    private void linked(int outcome) {
        boolean allocated = allocates;
        release();
        backend.member().end(begun);
        if (outcome == 0 && allocated && request.fua) {
            blocking.beginFlush();
        } else {
            finish(outcome);
        }
    }

    /** What has been written goes to the file first, so metadata that have changed are a worker's task. */
    private void flush() {
        if (metadata.corrupt()) {
            finish(Errno.EIO);
            return;
        }
        if (metadata.changed()) {
            blocking.begin();
            return;
        }
        if (parts.length == 0) {
            parts = new Qcow2Part[] {new Qcow2Part(this)};
        }
        pending = 1;
        BlockRequest below = parts[0].below;
        below.op = BlockOp.FLUSH;
        below.offsetBytes = 0;
        below.lengthBytes = 0;
        below.timeline = null;
        pending++;
        backend.data().submit(below);
        partCompleted(0);
    }

    void finish(int outcome) {
        request.completion.completed(request, outcome);
    }
}
