package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.LongPredicate;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Qcow2Layout;
import ringside.emulator.block.qcow2.format.Snapshot;
import ringside.emulator.block.qcow2.format.SnapshotTable;
import ringside.emulator.block.qcow2.tool.CheckResult;
import ringside.emulator.block.qcow2.tool.CopiedFlagsFixer;
import ringside.emulator.block.qcow2.tool.Qcow2Check;

/**
 * Creates, applies and deletes internal snapshots of an image that nobody uses. A snapshot is a copy of the L1 table and one
 * more reference to everything that it leads to. A crash leaves leaks at worst.
 */
public final class Qcow2Snapshots implements AutoCloseable {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Qcow2Node node;
    private final Qcow2Metadata metadata;
    private final Qcow2Header header;
    private final Qcow2Geometry geometry;
    private final BlockFile file;
    private final String image;
    private final List<Snapshot> snapshots;
    private boolean flagsChange;
    private boolean checked;

    private Qcow2Snapshots(Qcow2Spec spec) {
        this.node = Qcow2Node.open(spec);
        this.metadata = node.metadata();
        this.header = node.header();
        this.geometry = metadata.geometry();
        this.file = metadata.parts().file();
        this.image = ImagePaths.of(spec).name();
        this.snapshots = new ArrayList<>(SnapshotTable.read(file, header, image).snapshots());
    }

    /**
     * Opens an image for changes of its snapshots, until it is closed.
     *
     * @throws IllegalArgumentException when it cannot be opened: one line with the remedy
     */
    public static Qcow2Snapshots open(Qcow2Spec spec) {
        return new Qcow2Snapshots(spec);
    }

    /** The snapshots, in the order of the table. */
    public List<Snapshot> list() {
        return List.copyOf(snapshots);
    }

    /** Takes a snapshot of the disk as it is. Several may have the same name. */
    public void create(String name) {
        if (snapshots.size() >= Qcow2Layout.MAX_SNAPSHOTS) {
            throw new IllegalArgumentException("image " + image + ": has as many snapshots as it can have");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > SnapshotTable.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("image %s: the name of a snapshot has at most %d bytes"
                    .formatted(image, SnapshotTable.MAX_NAME_BYTES));
        }
        requireDataInside();
        long[] l1 = metadata.parts().l1().copy(header.l1Entries());
        share(l1);
        long place = writeL1(l1);
        metadata.flush();
        clearCopied(l1);
        int next = snapshots.stream().mapToInt(s -> number(s.id())).max().orElse(0) + 1;
        Instant now = Instant.now();
        snapshots.add(new Snapshot(
                place,
                l1.length,
                Integer.toString(next),
                name,
                (int) now.getEpochSecond(),
                now.getNano(),
                0,
                0,
                header.sizeBytes(),
                new byte[0]));
        writeTable();
    }

    /** Writes go in place there, whatever a snapshot wants to keep (QEMU refuses this, too). */
    private void requireDataInside() {
        if (metadata.dataFile()) {
            throw new IllegalArgumentException(
                    "image %s: has an external data file, of which there are no snapshots: convert it without data_file"
                            .formatted(image));
        }
    }

    /**
     * References are taken away only in an image that keeps count of them: where several things lie about one cluster, the
     * last reference that counts would make it free.
     */
    private void requireSound() {
        if (checked) {
            return;
        }
        CheckResult found = Qcow2Check.check(file, image, Qcow2Check.Repair.NONE);
        if (found.corruptions() > 0) {
            throw new IllegalArgumentException(
                    "image %s: has %d corruptions: repair it with ringside image check -r all first"
                            .formatted(image, found.corruptions()));
        }
        checked = true;
    }

    private static int number(String id) {
        return id.matches("\\d{1,9}") ? Integer.parseInt(id) : 0;
    }

    /**
     * Makes the disk what it was when the snapshot was taken; what it is now is lost.
     *
     * @param idOrName id, or else name
     */
    public void apply(String idOrName) {
        requireDataInside();
        Snapshot snapshot = find(idOrName);
        requireSound();
        long size = SnapshotView.of(snapshot, header, image).sizeBytes();
        long[] now = metadata.parts().l1().copy(header.l1Entries());
        long oldPlace = header.l1OffsetBytes();
        long[] then = readL1(snapshot);
        share(then);
        long place = writeL1(then);
        metadata.flush();
        clearCopied(then);
        node.headerWriter().write(h -> {
            h.setL1(place, then.length);
            h.setSize(size);
        });
        forEachReference(now, metadata::free);
        freeTable(oldPlace, (long) now.length * Long.BYTES);
    }

    /**
     * Deletes a snapshot.
     *
     * @throws IllegalArgumentException when there is none, or the image has corruptions: repair it first
     */
    public void delete(String idOrName) {
        Snapshot snapshot = find(idOrName);
        requireSound();
        long[] l1 = readL1(snapshot);
        snapshots.remove(snapshot);
        writeTable();
        forEachReference(l1, metadata::free);
        freeTable(snapshot.l1OffsetBytes(), (long) l1.length * Long.BYTES);
        flagsChange = true;
    }

    private Snapshot find(String idOrName) {
        return snapshots.stream()
                .filter(s -> s.id().equals(idOrName))
                .findFirst()
                .or(() -> snapshots.stream()
                        .filter(s -> s.name().equals(idOrName))
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException(
                        "image %s: has no snapshot '%s'; see ringside image snapshot -l".formatted(image, idOrName)));
    }

    private long[] readL1(Snapshot snapshot) {
        if (snapshot.l1Entries() < 0
                || (long) snapshot.l1Entries() * Long.BYTES > Qcow2Layout.MAX_L1_BYTES
                || geometry.clusterStart(snapshot.l1OffsetBytes()) != snapshot.l1OffsetBytes()) {
            throw Corruption.error("snapshot " + snapshot.id() + " has an L1 table that cannot be");
        }
        MemorySegment bytes = MemorySegment.ofArray(new byte[snapshot.l1Entries() * Long.BYTES]);
        file.read(snapshot.l1OffsetBytes(), bytes);
        long[] l1 = new long[snapshot.l1Entries()];
        for (int i = 0; i < l1.length; i++) {
            l1[i] = bytes.getAtIndex(WORD, i);
        }
        return l1;
    }

    /** Receives clusters that are referred to once. */
    private interface Reference {
        void to(long offsetBytes, long clusters);
    }

    /** All that an L1 table leads to: L2 tables and clusters, each as often as it is referred to. */
    private void forEachReference(long[] l1, Reference reference) {
        int words = geometry.l2EntryBytes() / Long.BYTES;
        for (long entry : l1) {
            long table = entry & L2Entry.OFFSET_MASK;
            if (table == 0) {
                continue;
            }
            for (int i = 0; i < geometry.l2Entries(); i++) {
                referenceOf(readTable(table).getAtIndex(WORD, (long) i * words), reference);
            }
            reference.to(table, 1);
        }
    }

    private long loadedTable = -1;
    private MemorySegment loaded;

    private MemorySegment readTable(long offset) {
        if (loadedTable != offset) {
            loaded = MemorySegment.ofArray(new byte[geometry.clusterBytes()]);
            file.read(offset, loaded);
            loadedTable = offset;
        }
        return loaded;
    }

    private void referenceOf(long entry, Reference reference) {
        if (L2Entry.compressed(entry)) {
            long from = L2Entry.compressedOffset(entry, geometry.clusterBits());
            long first = geometry.clusterStart(from);
            long end = from + L2Entry.compressedBytes(entry, geometry.clusterBits());
            reference.to(first, geometry.clusters(end - first));
        } else if (L2Entry.offset(entry) != 0 && !metadata.dataFile()) {
            reference.to(L2Entry.offset(entry), 1);
        }
    }

    /** One more reference to all that an L1 table leads to, or an error and none. */
    private void share(long[] l1) {
        forEachReference(l1, (offset, clusters) -> forEachCluster(offset, clusters, metadata::shareable));
        long[] shared = {0};
        try {
            forEachReference(
                    l1,
                    (offset, clusters) -> forEachCluster(offset, clusters, cluster -> shareCounted(cluster, shared)));
        } catch (RuntimeException e) {
            // A cluster that is referred to several times can have too many in the end, though each alone would fit.
            forEachReference(
                    l1,
                    (offset, clusters) -> forEachCluster(offset, clusters, cluster -> unshareCounted(cluster, shared)));
            throw e;
        }
    }

    private boolean shareCounted(long cluster, long[] shared) {
        boolean can = metadata.share(cluster);
        shared[0] += can ? 1 : 0;
        return can;
    }

    private boolean unshareCounted(long cluster, long[] shared) {
        if (shared[0]-- > 0) {
            metadata.free(cluster << geometry.clusterBits(), 1);
        }
        return true;
    }

    private void forEachCluster(long offsetBytes, long clusters, LongPredicate step) {
        long first = offsetBytes >>> geometry.clusterBits();
        for (long cluster = first; cluster < first + clusters; cluster++) {
            if (!step.test(cluster)) {
                throw new IllegalArgumentException(
                        "image %s: cluster %d has as many references as refcount_bits allow, or none; use a larger"
                                        .formatted(image, cluster)
                                + " refcount_bits, or check the image");
            }
        }
    }

    /** A copy of an L1 table in a new place, of entries that are shared. */
    private long writeL1(long[] l1) {
        long bytes = (long) l1.length * Long.BYTES;
        int clusters = (int) Math.max(1, geometry.clusters(bytes));
        long place = metadata.allocate(clusters) & ~Qcow2Metadata.FRESH;
        MemorySegment table = MemorySegment.ofArray(new byte[clusters << geometry.clusterBits()]);
        for (int i = 0; i < l1.length; i++) {
            table.setAtIndex(WORD, i, l1[i] & ~L2Entry.COPIED);
        }
        metadata.parts().allocator().metadataMoved(place, clusters);
        file.write(place, table);
        return place;
    }

    /** What an active L1 table leads to is shared now. After the refcounts that say so are stable. */
    private void clearCopied(long[] l1) {
        int words = geometry.l2EntryBytes() / Long.BYTES;
        for (int i = 0; i < l1.length; i++) {
            long table = l1[i] & L2Entry.OFFSET_MASK;
            if (table == 0) {
                continue;
            }
            MemorySegment content = readTable(table);
            for (int e = 0; e < geometry.l2Entries() && !metadata.dataFile(); e++) {
                long entry = content.getAtIndex(WORD, (long) e * words);
                if (!L2Entry.compressed(entry)) {
                    content.setAtIndex(WORD, (long) e * words, entry & ~L2Entry.COPIED);
                }
            }
            file.write(table, content);
        }
        Lock lock = metadata.parts().locks().allocator;
        lock.lock();
        try {
            L1Table active = metadata.parts().l1();
            for (int i = 0; i < active.size(); i++) {
                active.set(i, active.get(i) & ~L2Entry.COPIED);
            }
        } finally {
            lock.unlock();
        }
        metadata.flush();
    }

    private void writeTable() {
        long old = header.snapshotsOffsetBytes();
        long oldBytes = header.snapshots() == 0
                ? 0
                : SnapshotTable.read(file, header, image).bytes();
        byte[] table = SnapshotTable.toBytes(snapshots);
        long place = 0;
        if (!snapshots.isEmpty()) {
            place = metadata.allocate((int) geometry.clusters(table.length)) & ~Qcow2Metadata.FRESH;
            file.write(place, MemorySegment.ofArray(table));
            metadata.flush();
        }
        long newPlace = place;
        node.headerWriter().write(h -> h.setSnapshots(newPlace, snapshots.size()));
        freeTable(old, oldBytes);
    }

    private void freeTable(long offset, long bytes) {
        if (offset != 0 && bytes > 0) {
            metadata.free(offset, geometry.clusters(bytes));
        }
    }

    @Override
    public void close() {
        node.closeAnd(() -> {
            if (flagsChange) {
                CopiedFlagsFixer.fix(file, image);
            }
        });
    }
}
