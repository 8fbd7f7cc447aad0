package ringside.emulator.block.qcow2.format;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.InvalidImageException;

/** The table of internal snapshots, read and written whole (QEMU: docs/interop/qcow2.rst, "Snapshots"). */
public final class SnapshotTable {
    /** What a length of 16 bits can say. */
    public static final int MAX_NAME_BYTES = 0xffff;

    private static final int FIXED_BYTES = 40;
    private static final int EXTRA_BYTES = 16;

    /** QEMU: QCOW_MAX_SNAPSHOT_EXTRA_DATA. */
    private static final int MAX_EXTRA_BYTES = 1024;

    /** QEMU: QCOW_MAX_SNAPSHOTS_SIZE. */
    private static final long MAX_TABLE_BYTES = 1024L * Qcow2Layout.MAX_SNAPSHOTS;

    private SnapshotTable() {}

    /** The table, and how many bytes it has. */
    public record Read(List<Snapshot> snapshots, long bytes) {}

    /**
     * Reads the table that the header names.
     *
     * @throws InvalidImageException when an entry cannot be
     */
    public static Read read(BlockFile file, Qcow2Header header, String image) {
        List<Snapshot> snapshots = new ArrayList<>();
        long start = header.snapshotsOffsetBytes();
        long at = start;
        for (int i = 0; i < header.snapshots(); i++) {
            at = (at + 7) / 8 * 8;
            ByteBuffer fixed = bytes(file, at, FIXED_BYTES);
            int idBytes = Short.toUnsignedInt(fixed.getShort(12));
            int nameBytes = Short.toUnsignedInt(fixed.getShort(14));
            int extraBytes = fixed.getInt(36);
            if (extraBytes < 0 || extraBytes > MAX_EXTRA_BYTES) {
                throw new InvalidImageException(
                        image,
                        "has a snapshot %d with %d bytes of extra data, too many"
                                .formatted(i, Integer.toUnsignedLong(extraBytes)));
            }
            ByteBuffer rest = bytes(file, at + FIXED_BYTES, extraBytes + idBytes + nameBytes);
            snapshots.add(snapshot(fixed, rest, extraBytes, idBytes, nameBytes));
            at += FIXED_BYTES + extraBytes + idBytes + nameBytes;
            if (at - start > MAX_TABLE_BYTES) {
                throw new InvalidImageException(image, "has a snapshot table of more than 64 MiB");
            }
        }
        return new Read(List.copyOf(snapshots), at - start);
    }

    private static Snapshot snapshot(ByteBuffer fixed, ByteBuffer rest, int extraBytes, int idBytes, int nameBytes) {
        byte[] extra = new byte[extraBytes];
        byte[] id = new byte[idBytes];
        byte[] name = new byte[nameBytes];
        rest.get(extra).get(id).get(name);
        ByteBuffer known = ByteBuffer.wrap(extra);
        long vmState = extraBytes >= 8 ? known.getLong(0) : Integer.toUnsignedLong(fixed.getInt(32));
        long disk = extraBytes >= EXTRA_BYTES ? known.getLong(8) : -1;
        byte[] more =
                extraBytes > EXTRA_BYTES ? java.util.Arrays.copyOfRange(extra, EXTRA_BYTES, extraBytes) : new byte[0];
        return new Snapshot(
                fixed.getLong(0),
                fixed.getInt(8),
                new String(id, StandardCharsets.UTF_8),
                new String(name, StandardCharsets.UTF_8),
                fixed.getInt(16),
                fixed.getInt(20),
                fixed.getLong(24),
                vmState,
                disk,
                more);
    }

    private static ByteBuffer bytes(BlockFile file, long at, int length) {
        byte[] bytes = new byte[length];
        file.read(at, MemorySegment.ofArray(bytes));
        return ByteBuffer.wrap(bytes);
    }

    /** The table as it is stored. */
    public static byte[] toBytes(List<Snapshot> snapshots) {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        for (Snapshot snapshot : snapshots) {
            table.writeBytes(new byte[-table.size() & 7]);
            table.writeBytes(toBytes(snapshot));
        }
        return table.toByteArray();
    }

    private static byte[] toBytes(Snapshot snapshot) {
        byte[] id = snapshot.id().getBytes(StandardCharsets.UTF_8);
        byte[] name = snapshot.name().getBytes(StandardCharsets.UTF_8);
        int extra = EXTRA_BYTES + snapshot.moreExtra().length;
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + extra + id.length + name.length);
        bytes.putLong(snapshot.l1OffsetBytes()).putInt(snapshot.l1Entries());
        bytes.putShort((short) id.length).putShort((short) name.length);
        bytes.putInt(snapshot.dateSeconds()).putInt(snapshot.dateNs()).putLong(snapshot.vmClockNs());
        bytes.putInt(snapshot.vmStateBytes() > 0xffff_ffffL ? 0 : (int) snapshot.vmStateBytes());
        bytes.putInt(extra);
        bytes.putLong(snapshot.vmStateBytes()).putLong(snapshot.diskBytes()).put(snapshot.moreExtra());
        return bytes.put(id).put(name).array();
    }
}
