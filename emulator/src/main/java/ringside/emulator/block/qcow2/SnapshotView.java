package ringside.emulator.block.qcow2;

import java.util.List;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.InvalidImageException;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Qcow2Layout;
import ringside.emulator.block.qcow2.format.Snapshot;
import ringside.emulator.block.qcow2.format.SnapshotTable;

/**
 * Which disk of an image is opened: the active one, or that of an internal snapshot.
 *
 * @param l1OffsetBytes where its L1 table is
 * @param sizeBytes size of the disk
 */
record SnapshotView(long l1OffsetBytes, int l1Entries, long sizeBytes) {
    private static final int SECTOR_BYTES = 512;

    static SnapshotView of(Qcow2Options options, Qcow2Header header, BlockFile file, String image) {
        return options.snapshot()
                .map(wanted -> of(find(wanted, header, file, image), header, image))
                .orElseGet(() -> new SnapshotView(header.l1OffsetBytes(), header.l1Entries(), header.sizeBytes()));
    }

    /** By id, or else by name (QEMU: bdrv_snapshot_load_tmp_by_id_or_name). */
    private static Snapshot find(String wanted, Qcow2Header header, BlockFile file, String image) {
        List<Snapshot> all = SnapshotTable.read(file, header, image).snapshots();
        return all.stream()
                .filter(s -> s.id().equals(wanted))
                .findFirst()
                .or(() -> all.stream().filter(s -> s.name().equals(wanted)).findFirst())
                .orElseThrow(() -> new InvalidImageException(
                        image, "has no snapshot '" + wanted + "': list them with ringside image snapshot -l"));
    }

    /** @throws InvalidImageException when its disk and its L1 table cannot be */
    static SnapshotView of(Snapshot snapshot, Qcow2Header header, String image) {
        Qcow2Geometry geometry = header.geometry();
        long size = snapshot.diskBytes() < 0 ? header.sizeBytes() : snapshot.diskBytes();
        long entries = Integer.toUnsignedLong(snapshot.l1Entries());
        long offset = snapshot.l1OffsetBytes();
        boolean placed = offset >= 0 && geometry.clusterStart(offset) == offset && offset < Long.MAX_VALUE >> 8;
        boolean sized = entries * Long.BYTES <= Qcow2Layout.MAX_L1_BYTES && geometry.l1Entries(size) <= entries;
        if (!placed || !sized || size % SECTOR_BYTES != 0) {
            throw new InvalidImageException(
                    image,
                    "has a snapshot '%s' with a disk of %d bytes and %d L1 entries at byte %d, which cannot be"
                            .formatted(snapshot.id(), size, entries, offset));
        }
        return new SnapshotView(offset, snapshot.l1Entries(), size);
    }
}
