package ringside.emulator.block;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a qcow2 image is opened.
 *
 * @param readOnly open read-only
 * @param discardUnmap whether DISCARD frees clusters (QEMU: discard=unmap) or is ignored
 * @param lazyRefcounts overrides the image's own setting
 * @param caches sizes of the metadata caches
 * @param overlapCheck which writes are checked against metadata
 * @param locking how the loops share the image
 * @param continuation how a request's path is written down
 * @param snapshot id or name of the internal snapshot to read; read-only
 * @param followPaths folders, beside that of the image, into which names in the image may lead
 */
public record Qcow2Options(
        boolean readOnly,
        boolean discardUnmap,
        Optional<Boolean> lazyRefcounts,
        Qcow2Caches caches,
        OverlapCheck overlapCheck,
        Locking locking,
        Continuation continuation,
        Optional<String> snapshot,
        List<Path> followPaths) {
    /** QEMU's defaults; discards free clusters. */
    public static final Qcow2Options DEFAULT = new Qcow2Options(
            false,
            true,
            Optional.empty(),
            Qcow2Caches.DEFAULT,
            OverlapCheck.CACHED,
            Locking.LOCK_FREE_READS,
            Continuation.CALLBACK,
            Optional.empty(),
            List.of());

    public Qcow2Options {
        followPaths = List.copyOf(followPaths);
    }

    /** Which structures a write must not hit (QEMU: overlap-check). */
    public enum OverlapCheck {
        /** None. */
        NONE,
        /** Those at a constant place: header, L1 and refcount table of the active image. */
        CONSTANT,
        /** Those whose place is known without I/O: active L2 tables, refcount blocks, snapshot table as well. */
        CACHED,
        /** Also the inactive L2 tables of snapshots. */
        ALL
    }

    /** How several loops share the metadata. */
    public enum Locking {
        /** One lock for every lookup and every change. */
        IMAGE,
        /** A lock per group of L2 slices; the allocator has its own. */
        SHARDED,
        /** Lookups without a lock; changes as {@link #SHARDED}. */
        LOCK_FREE_READS;

        /** The name in options. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How a request's path through the format is written down. */
    public enum Continuation {
        /** Explicit states and callbacks on the loop. */
        CALLBACK,
        /** Straight-line code on a virtual thread per request. */
        VIRTUAL_THREAD;

        /** The name in options. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The same with another way to write request paths down. */
    public Qcow2Options with(Continuation other) {
        return new Qcow2Options(
                readOnly, discardUnmap, lazyRefcounts, caches, overlapCheck, locking, other, snapshot, followPaths);
    }

    /** The same, read-only. */
    public Qcow2Options asReadOnly() {
        return new Qcow2Options(
                true, discardUnmap, lazyRefcounts, caches, overlapCheck, locking, continuation, snapshot, followPaths);
    }

    /** For a backing file: read-only, and as it is, because a snapshot and the sizes of caches belong to one image. */
    public Qcow2Options forBacking() {
        return new Qcow2Options(
                true,
                discardUnmap,
                Optional.empty(),
                Qcow2Caches.DEFAULT,
                overlapCheck,
                locking,
                continuation,
                Optional.empty(),
                followPaths);
    }
}
