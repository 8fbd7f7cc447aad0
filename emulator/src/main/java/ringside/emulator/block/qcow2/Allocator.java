package ringside.emulator.block.qcow2;

import java.util.ArrayDeque;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.ffi.Errno;

/**
 * Hands out clusters and takes them back. In memory; under the allocator's lock, but for the methods that say otherwise.
 *
 * <p>A freed cluster waits: until the change that no longer refers to it is stable, because until then a crash brings the
 * reference back, and until nobody can be writing to it any more.
 */
final class Allocator {
    /** Instead of an offset: a refcount has to be loaded, by {@link #loadForAllocation}. */
    static final long NOT_LOADED = -1;

    /** Instead of an offset: the next free cluster is not known to read as zeroes. */
    static final long NOT_FRESH = -2;

    /** Host offsets have 56 bits. */
    private static final long MAX_OFFSET = 1L << 56;

    /** One reference less to some clusters, once it may be. */
    record Freeing(long firstCluster, long clusters, long[] epoch) {}

    private final Qcow2Geometry geometry;
    private final Refcounts refcounts;
    private final ImageLocks locks;
    private final Grace grace;
    private final MetadataMap metadata;

    /** Freed in memory; the change is not stable yet. */
    private ArrayDeque<Freeing> unstable = new ArrayDeque<>();

    /** The change is stable; somebody may still be writing. */
    private final ArrayDeque<Freeing> stable = new ArrayDeque<>();

    /** Where to look for free clusters. None before it is free, but for what waits. */
    private long next;

    /** First cluster behind everything that was ever written. */
    private long fresh;

    private long missing;

    Allocator(
            Qcow2Geometry geometry,
            Refcounts refcounts,
            ImageLocks locks,
            Grace grace,
            MetadataMap metadata,
            long freshOffsetBytes) {
        this.geometry = geometry;
        this.refcounts = refcounts;
        this.locks = locks;
        this.grace = grace;
        this.metadata = metadata;
        this.fresh = freshOffsetBytes >>> geometry.clusterBits();
    }

    /**
     * Takes adjacent clusters.
     *
     * @param needFresh they must be known to read as zeroes
     * @return host offset, {@link #NOT_LOADED} or {@link #NOT_FRESH}
     * @throws BlockIoException when the image is full
     */
    long tryAllocate(int clusters, boolean needFresh) {
        long first = find(clusters);
        if (first < 0) {
            return first;
        }
        if (needFresh && first < fresh) {
            return NOT_FRESH;
        }
        for (long cluster = first; cluster < first + clusters; cluster++) {
            if (!refcounts.blockMissing(cluster) && !refcounts.settable(cluster)) {
                missing = cluster;
                return NOT_LOADED;
            }
        }
        for (long cluster = first; cluster < first + clusters; cluster++) {
            refcounts.set(cluster, 1);
        }
        next = first + clusters;
        fresh = Math.max(fresh, next);
        return first << geometry.clusterBits();
    }

    /** The first run of so many free clusters; makes the refcount blocks that it needs. */
    private long find(int clusters) {
        long start = next;
        for (long cluster = start; cluster - start < clusters; cluster++) {
            if (cluster >= MAX_OFFSET >>> geometry.clusterBits()) {
                throw new BlockIoException(Errno.EFBIG, "qcow2: no free cluster below 64 PiB");
            }
            if (refcounts.blockMissing(cluster)) {
                if (clusters >= geometry.refcountsPerBlock()) {
                    start = makeBlocksBehind(clusters);
                    cluster = start;
                } else {
                    metadata.requireFree(geometry.refcountsPerBlock() * (cluster >>> geometry.refcountBlockBits()), 1);
                    metadata.add(refcounts.createBlock(cluster));
                    fresh = Math.max(
                            fresh, (cluster >>> geometry.refcountBlockBits() << geometry.refcountBlockBits()) + 1);
                }
            }
            long count = refcounts.get(cluster);
            if (count == Refcounts.NOT_LOADED) {
                missing = cluster;
                return NOT_LOADED;
            }
            if (count != 0) {
                start = cluster + 1;
                if (clusters == 1) {
                    next = start;
                }
            }
        }
        metadata.requireFree(start, clusters);
        return start;
    }

    /**
     * Makes the refcount blocks of a run that is longer than what one of them describes. In their usual place they would
     * interrupt it, so they stand behind it.
     *
     * @return the first cluster of the run
     */
    private long makeBlocksBehind(int clusters) {
        int perBlock = geometry.refcountsPerBlock();
        long start = refcounts.firstWithoutBlocks();
        long end = start + (long) (clusters + perBlock - 1) / perBlock * perBlock;
        long place = end;
        for (long described = start; described < end; described += perBlock) {
            metadata.requireFree(place, 1);
            if ((place & perBlock - 1) == 0) {
                metadata.add(refcounts.createBlock(place));
                place++;
            }
            metadata.add(refcounts.createBlock(described, place));
            place++;
        }
        fresh = Math.max(fresh, place);
        return start;
    }

    /** Takes clusters; does I/O where it must. Without a lock. */
    long allocate(int clusters) {
        while (true) {
            long offset;
            locks.allocator.lock();
            try {
                offset = tryAllocate(clusters, false);
            } finally {
                locks.allocator.unlock();
            }
            if (offset >= 0) {
                return offset;
            }
            loadForAllocation();
        }
    }

    /** Loads what the last attempt lacked. Without a lock. */
    void loadForAllocation() {
        refcounts.load(missing);
    }

    /** The refcount table has a new place. Without a lock. */
    void metadataMoved(long offsetBytes, int clusters) {
        locks.allocator.lock();
        try {
            metadata.add(offsetBytes, (long) clusters << geometry.clusterBits());
        } finally {
            locks.allocator.unlock();
        }
    }

    /** One reference to these clusters will be gone when the metadata that were changed so far are stable. */
    void free(long offsetBytes, long clusters) {
        unstable.add(new Freeing(offsetBytes >>> geometry.clusterBits(), clusters, new long[1]));
    }

    /** What was freed so far; to be handed to {@link #becameStable} when all changes up to now are. */
    ArrayDeque<Freeing> takeUnstable() {
        ArrayDeque<Freeing> taken = unstable;
        unstable = new ArrayDeque<>();
        return taken;
    }

    void putBack(ArrayDeque<Freeing> taken) {
        taken.addAll(unstable);
        unstable = taken;
    }

    void becameStable(ArrayDeque<Freeing> taken) {
        if (taken.isEmpty()) {
            return;
        }
        long epoch = grace.next();
        taken.forEach(f -> f.epoch()[0] = epoch);
        stable.addAll(taken);
    }

    /** Whether anything waits to be free. Without a lock. */
    boolean waits() {
        locks.allocator.lock();
        try {
            return !unstable.isEmpty() || !stable.isEmpty();
        } finally {
            locks.allocator.unlock();
        }
    }

    /** Receives clusters that nobody uses, before they can be taken again. */
    interface Released {
        void released(long offsetBytes, long lengthBytes);
    }

    /**
     * Takes references away that may go. Does I/O; without a lock.
     *
     * @param all also those that somebody could be writing to: nobody is
     */
    void reclaim(boolean all, Released released) {
        long seen = grace.seenByAll();
        while (true) {
            Freeing freeing;
            locks.allocator.lock();
            try {
                freeing = stable.peek();
                if (freeing == null || !all && freeing.epoch()[0] > seen) {
                    return;
                }
                stable.poll();
            } finally {
                locks.allocator.unlock();
            }
            for (long i = 0; i < freeing.clusters(); i++) {
                decrement(freeing.firstCluster() + i, released);
            }
        }
    }

    /** The storage of a cluster goes while the last reference keeps others from taking the cluster. */
    private void decrement(long cluster, Released released) {
        long count = loaded(cluster);
        if (count == 1) {
            released.released(cluster << geometry.clusterBits(), geometry.clusterBytes());
        }
        while (!tryDecrement(cluster)) {
            refcounts.load(cluster);
        }
    }

    private long loaded(long cluster) {
        while (true) {
            refcounts.load(cluster);
            locks.allocator.lock();
            try {
                long count = refcounts.get(cluster);
                if (count != Refcounts.NOT_LOADED) {
                    return count;
                }
            } finally {
                locks.allocator.unlock();
            }
        }
    }

    private boolean tryDecrement(long cluster) {
        locks.allocator.lock();
        try {
            long count = refcounts.get(cluster);
            if (count == 0) {
                return true; // the image lied, there is nothing to take away
            }
            if (!refcounts.settable(cluster)) {
                return false;
            }
            refcounts.set(cluster, count - 1);
            if (count == 1) {
                next = Math.min(next, cluster);
                metadata.remove(cluster << geometry.clusterBits());
            }
            return true;
        } finally {
            locks.allocator.unlock();
        }
    }
}
