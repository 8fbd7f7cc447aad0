package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.InvalidImageException;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Caches;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Qcow2Layout;
import ringside.emulator.block.qcow2.format.Snapshot;
import ringside.emulator.block.qcow2.format.SnapshotTable;
import ringside.emulator.block.qcow2.tool.CheckResult;
import ringside.emulator.block.qcow2.tool.Qcow2Check;

/** Opens an image: header, what is behind it, tables. */
final class Qcow2Opener {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final System.Logger LOG = System.getLogger(Qcow2Opener.class.getName());

    private final Qcow2Spec spec;
    private final ImagePaths paths;
    private final String name;

    private Qcow2Opener(Qcow2Spec spec, ImagePaths paths) {
        this.spec = spec;
        this.paths = paths;
        this.name = paths.name();
    }

    static Qcow2Node open(Qcow2Spec spec) {
        return open(spec, ImagePaths.of(spec));
    }

    private static Qcow2Node open(Qcow2Spec spec, ImagePaths paths) {
        return new Qcow2Opener(spec, paths).open(BlockNodes.open(spec.file()));
    }

    /** For tests: on a node that is opened already, and is closed with the image. */
    static Qcow2Node open(Qcow2Spec spec, BlockNode file) {
        return new Qcow2Opener(spec, ImagePaths.of(spec)).open(file);
    }

    private Qcow2Node open(BlockNode file) {
        Optional<BlockNode> dataFile = Optional.empty();
        BlockNode behind = null;
        try {
            Qcow2Header header = Qcow2Header.read(file.file(), name);
            requireServable(header, file);
            if (!spec.options().readOnly() && header.has(Qcow2Feature.DIRTY)) {
                header = repaired(file);
            }
            dataFile = openDataFile(header);
            behind = openBacking(header);
            return new Qcow2Node(load(file, dataFile, new BackingSource(behind), header));
        } catch (RuntimeException e) {
            dataFile.ifPresent(BlockNode::close);
            if (behind != null) {
                behind.close();
            }
            file.close();
            throw e;
        }
    }

    private void requireServable(Qcow2Header header, BlockNode file) {
        requireInside(header, file.file().lengthBytes());
        Qcow2Options options = spec.options();
        if (!options.readOnly() && file.readOnly()) {
            throw new InvalidImageException(name, "is on a read-only node: set read-only=on for the format, too");
        }
        if (!options.readOnly() && header.has(Qcow2Feature.CORRUPT)) {
            throw new InvalidImageException(
                    name, "is marked corrupt: repair it with ringside image check -r all, or open it read-only");
        }
        if (options.snapshot().isPresent() && !options.readOnly()) {
            throw new InvalidImageException(name, "snapshots can only be read: set read-only=on");
        }
        if (file.physicalBlockBytes() > header.geometry().clusterBytes()) {
            throw new InvalidImageException(
                    name,
                    "has clusters of %d bytes, which O_DIRECT cannot write one by one here: use cache=writeback"
                            .formatted(header.geometry().clusterBytes()));
        }
    }

    /** The refcounts were to be written later, which never came: they are counted again. */
    private Qcow2Header repaired(BlockNode file) {
        LOG.log(System.Logger.Level.INFO, "image " + name + " was not closed in order: its refcounts are rebuilt");
        CheckResult left = Qcow2Check.check(file.file(), name, Qcow2Check.Repair.ALL);
        if (left.corruptions() > 0) {
            throw new InvalidImageException(
                    name, "was not closed in order and cannot be repaired: open it read-only and copy what is left");
        }
        return Qcow2Header.read(file.file(), name);
    }

    /** Tables behind the end would read as zeroes, and the first write would make the file as long as the lie. */
    private void requireInside(Qcow2Header header, long fileBytes) {
        long l1End = header.l1OffsetBytes() + (long) header.l1Entries() * Long.BYTES;
        if (l1End > fileBytes || header.refcountTableOffsetBytes() >= fileBytes) {
            throw new InvalidImageException(name, "has its L1 or refcount table behind its end: it was cut off");
        }
    }

    private Optional<BlockNode> openDataFile(Qcow2Header header) {
        if (!header.has(Qcow2Feature.DATA_FILE)) {
            if (spec.dataFile().isPresent()) {
                throw new InvalidImageException(name, "has no external data file: leave data-file out");
            }
            return Optional.empty();
        }
        BlockNodeSpec data = spec.dataFile().orElseGet(() -> paths.dataFile(header.dataFile()));
        return Optional.of(BlockNodes.open(data));
    }

    private BlockNode openBacking(Qcow2Header header) {
        return switch (spec.backing()) {
            case Qcow2Backing.None _ -> null;
            case Qcow2Backing.Node(BlockNodeSpec node) -> openBehind(node);
            case Qcow2Backing.FromImage _ -> header.backingFile().isEmpty() ? null : openBehind(paths.backing(header));
        };
    }

    private BlockNode openBehind(BlockNodeSpec node) {
        return node instanceof Qcow2Spec qcow2 ? open(qcow2, paths.next(qcow2)) : BlockNodes.open(node);
    }

    private Qcow2Opening load(BlockNode file, Optional<BlockNode> dataFile, BackingSource backing, Qcow2Header header) {
        Qcow2Geometry geometry = header.geometry();
        BlockFile bytes = file.file();
        BlockEvents events = file.events();
        boolean writable = !spec.options().readOnly();
        HeaderWriter headerWriter = new HeaderWriter(header, bytes);
        if (writable) {
            clearUnknown(header, headerWriter);
        }
        ImageLocks locks = new ImageLocks(spec.options().locking());
        SnapshotView view = SnapshotView.of(spec.options(), header, bytes, name);
        CacheSizes sizes = CacheSizes.of(spec.options().caches(), geometry, view.sizeBytes());
        AtomicLongArray entries = new AtomicLongArray(view.l1Entries());
        readTable(bytes, view.l1OffsetBytes(), view.l1Entries(), entries::setPlain);
        L1Table l1 = new L1Table(entries);
        L2Cache l2 =
                new L2Cache(geometry, bytes, events, l1, locks, sizes.sliceBytes(), sizes.l2Bytes(), view.sizeBytes());
        RefcountPieces pieces = new RefcountPieces(sizes.sliceBytes(), sizes.refcountBytes());
        int tableEntries = writable ? header.refcountTableClusters() << geometry.clusterBits() - 3 : 0;
        long[] table = new long[tableEntries];
        readTable(bytes, header.refcountTableOffsetBytes(), tableEntries, (i, entry) -> table[i] = entry);
        boolean checks = spec.options().overlapCheck() != Qcow2Options.OverlapCheck.NONE;
        CorruptionMark mark = new CorruptionMark(headerWriter, writable);
        MetadataMap map = new MetadataMap(geometry, checks && writable, mark);
        Refcounts refcounts = new Refcounts(geometry, bytes, events, pieces, locks, map, table);
        if (checks && writable) {
            fill(map, header, bytes, l1, refcounts);
        }
        Grace grace = new Grace();
        long fresh = file.growsWithZeroes()
                ? geometry.clusters(bytes.lengthBytes()) << geometry.clusterBits()
                : Long.MAX_VALUE;
        Allocator allocator = new Allocator(geometry, refcounts, locks, grace, map, fresh);
        BlockFile data = dataFile.map(BlockNode::file).orElse(bytes);
        ImageParts parts = new ImageParts(
                header,
                geometry,
                bytes,
                data,
                locks,
                l1,
                l2,
                refcounts,
                allocator,
                map,
                grace,
                events,
                spec.options().discardUnmap());
        Qcow2Metadata metadata =
                new Qcow2Metadata(parts, new WriteBack(parts, headerWriter, lazy(header)), dataFile.isPresent());
        mark.attach(metadata);
        return new Qcow2Opening(
                spec,
                file,
                dataFile,
                backing,
                header,
                headerWriter,
                metadata,
                ClusterCodec.of(header.compression()),
                view.sizeBytes());
    }

    private boolean lazy(Qcow2Header header) {
        boolean wanted = spec.options().lazyRefcounts().orElse(header.has(Qcow2Feature.LAZY_REFCOUNTS));
        if (wanted && header.version() < 3) {
            throw new InvalidImageException(name, "is of version 2, without lazy refcounts: leave lazy-refcounts out");
        }
        return wanted;
    }

    /** What is not known may be wrong after a write (the bits are for that); bitmaps are not kept up to date. */
    private static void clearUnknown(Qcow2Header header, HeaderWriter writer) {
        long kept = header.features(Qcow2Feature.Kind.AUTOCLEAR) & Qcow2Feature.RAW_DATA_FILE.mask();
        if (header.features(Qcow2Feature.Kind.AUTOCLEAR) != kept) {
            writer.write(h -> h.setFeatures(Qcow2Feature.Kind.AUTOCLEAR, kept));
        }
    }

    private void fill(MetadataMap map, Qcow2Header header, BlockFile file, L1Table l1, Refcounts refcounts) {
        long[] refcountTable = refcounts.table();
        map.add(0);
        boolean alone = map.add(header.l1OffsetBytes(), (long) header.l1Entries() * Long.BYTES);
        alone &= map.add(header.refcountTableOffsetBytes(), (long) refcountTable.length * Long.BYTES);
        if (!alone) {
            throw new InvalidImageException(
                    name,
                    "has tables on top of one another: repair it with ringside image check -r all, or open it read-only");
        }
        if (header.snapshots() > 0) {
            map.add(header.snapshotsOffsetBytes());
        }
        for (int i = 0; i < refcountTable.length; i++) {
            if ((refcountTable[i] & -512L) != 0 && !map.add(refcountTable[i] & -512L)) {
                refcounts.suspect(i);
            }
        }
        if (spec.options().overlapCheck() == Qcow2Options.OverlapCheck.CONSTANT) {
            return;
        }
        if (header.snapshots() > 0) {
            for (Snapshot snapshot : SnapshotTable.read(file, header, name).snapshots()) {
                long bytes = Integer.toUnsignedLong(snapshot.l1Entries()) * Long.BYTES;
                if (bytes <= Qcow2Layout.MAX_L1_BYTES && snapshot.l1OffsetBytes() >= 0) {
                    map.add(snapshot.l1OffsetBytes(), bytes); // what cannot be is refused when it is used
                }
            }
        }
        for (int i = 0; i < l1.size(); i++) {
            if (l1.tableOffset(i) != 0 && !map.add(l1.tableOffset(i))) {
                l1.suspect(i);
            }
        }
    }

    /** Where entries go. */
    private interface Entries {
        void set(int index, long entry);
    }

    private static void readTable(BlockFile file, long offset, int count, Entries entries) {
        byte[] bytes = new byte[Math.min(count, 8192) * Long.BYTES];
        for (int done = 0; done < count; ) {
            int here = Math.min(count - done, bytes.length / Long.BYTES);
            MemorySegment piece = MemorySegment.ofArray(bytes).asSlice(0, (long) here * Long.BYTES);
            file.read(offset + (long) done * Long.BYTES, piece);
            for (int i = 0; i < here; i++) {
                entries.set(done + i, piece.getAtIndex(WORD, i));
            }
            done += here;
        }
    }

    /** What the cache options come to. */
    private record CacheSizes(int sliceBytes, long l2Bytes, long refcountBytes) {
        private static final int DEFAULT_SLICE_BYTES = 4096;
        private static final long MAX_DEFAULT_L2_BYTES = 32L << 20;

        static CacheSizes of(Qcow2Caches caches, Qcow2Geometry geometry, long sizeBytes) {
            int slice = caches.l2EntryBytes() == 0 ? DEFAULT_SLICE_BYTES : caches.l2EntryBytes();
            slice = Math.min(slice, geometry.clusterBytes());
            long all = geometry.clusters(sizeBytes) * geometry.l2EntryBytes() + slice;
            long refcounts = 4L * geometry.clusterBytes();
            if (caches.refcountCacheBytes() > 0) {
                refcounts = caches.refcountCacheBytes();
            } else if (caches.totalBytes() > 0 && caches.l2CacheBytes() > 0) {
                refcounts = Math.max(refcounts, caches.totalBytes() - caches.l2CacheBytes());
            }
            long l2 = Math.min(all, MAX_DEFAULT_L2_BYTES);
            if (caches.l2CacheBytes() > 0) {
                l2 = Math.min(all, caches.l2CacheBytes());
            } else if (caches.totalBytes() > 0) {
                l2 = Math.min(all, Math.max(2L * slice, caches.totalBytes() - refcounts));
            }
            return new CacheSizes(slice, l2, refcounts);
        }
    }
}
