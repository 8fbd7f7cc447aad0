package ringside.emulator.block.qcow2.tool;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.InvalidImageException;
import ringside.emulator.block.qcow2.format.HeaderExtension;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Qcow2Layout;

/** The directory of persistent bitmaps (QEMU: docs/interop/qcow2.rst, "Bitmaps"). */
public final class BitmapDirectory {
    /** Flag: somebody has it open, or had; its content is not to be believed. */
    public static final int IN_USE = 1;

    /** Flag: it records writes. */
    public static final int AUTO = 2;

    /** Type: a bit for what has been written. */
    public static final int DIRTY_TRACKING = 1;

    private static final int EXTENSION_BYTES = 24;
    private static final int ENTRY_BYTES = 24;

    /** QEMU: BME_MAX_NAME_SIZE, BME_MAX_TABLE_SIZE, QCOW2_MAX_BITMAPS, QCOW2_MAX_BITMAP_DIRECTORY_SIZE. */
    private static final int MAX_NAME_BYTES = 1023;

    private static final int MAX_TABLE_ENTRIES = 0x800_0000;
    private static final int MAX_BITMAPS = 65535;
    private static final long MAX_DIRECTORY_BYTES = 1024L * MAX_BITMAPS;

    private BitmapDirectory() {}

    /**
     * A bitmap.
     *
     * @param tableOffsetBytes where its table is
     * @param tableEntries entries of its table
     * @param flags {@link #IN_USE}, {@link #AUTO}
     * @param type what it is; {@link #DIRTY_TRACKING} is the only one that is known
     * @param granularityBits how many bytes a bit stands for, as a power of two
     * @param extra extra data of its entry, as they are
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares bitmaps
    public record Bitmap(
            String name,
            long tableOffsetBytes,
            int tableEntries,
            int flags,
            int type,
            int granularityBits,
            byte[] extra) {
        /** Whether a flag is set. */
        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** The same with other flags. */
        public Bitmap withFlags(int changed) {
            return new Bitmap(name, tableOffsetBytes, tableEntries, changed, type, granularityBits, extra);
        }
    }

    /** The directory, and where it is. */
    public record Read(List<Bitmap> bitmaps, long offsetBytes, long lengthBytes) {}

    /**
     * Reads the directory; empty where there is none.
     *
     * @throws InvalidImageException when an entry cannot be
     */
    public static Optional<Read> read(BlockFile file, Qcow2Header header, String image) {
        Optional<HeaderExtension> extension = header.extension(Qcow2Layout.EXTENSION_BITMAPS);
        if (extension.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer data = ByteBuffer.wrap(extension.get().data());
        if (data.capacity() != EXTENSION_BYTES) {
            throw new InvalidImageException(image, "has a bitmaps extension of %d bytes".formatted(data.capacity()));
        }
        int count = data.getInt(0);
        long length = data.getLong(8);
        long offset = data.getLong(16);
        if (count <= 0 || count > MAX_BITMAPS || length < 0 || length > MAX_DIRECTORY_BYTES || offset <= 0) {
            throw new InvalidImageException(image, "has a directory of bitmaps that cannot be");
        }
        byte[] bytes = new byte[(int) length];
        file.read(offset, MemorySegment.ofArray(bytes));
        return Optional.of(new Read(entries(ByteBuffer.wrap(bytes), count, image), offset, length));
    }

    private static List<Bitmap> entries(ByteBuffer directory, int count, String image) {
        List<Bitmap> bitmaps = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (at + ENTRY_BYTES > directory.capacity()) {
                throw new InvalidImageException(image, "has a directory of bitmaps that is too short");
            }
            int nameBytes = Short.toUnsignedInt(directory.getShort(at + 18));
            long extra = Integer.toUnsignedLong(directory.getInt(at + 20));
            long size = ENTRY_BYTES + extra + nameBytes;
            int table = directory.getInt(at + 8);
            boolean known = nameBytes > 0 && nameBytes <= MAX_NAME_BYTES && table >= 0 && table <= MAX_TABLE_ENTRIES;
            if (!known || size > directory.capacity() - at) {
                throw new InvalidImageException(image, "has a bitmap %d that cannot be".formatted(i));
            }
            byte[] name = new byte[nameBytes];
            byte[] more = new byte[(int) extra];
            directory.get(at + ENTRY_BYTES, more).get(at + ENTRY_BYTES + more.length, name);
            bitmaps.add(new Bitmap(
                    new String(name, StandardCharsets.UTF_8),
                    directory.getLong(at),
                    table,
                    directory.getInt(at + 12),
                    directory.get(at + 16),
                    directory.get(at + 17),
                    more));
            at += (int) ((size + 7) / 8 * 8);
        }
        return bitmaps;
    }

    /** The directory as it is stored. */
    public static byte[] toBytes(List<Bitmap> bitmaps) {
        ByteBuffer directory = ByteBuffer.allocate((int) storedBytes(bitmaps));
        for (Bitmap bitmap : bitmaps) {
            byte[] name = bitmap.name().getBytes(StandardCharsets.UTF_8);
            int next = directory.position() + (int) entryBytes(bitmap);
            directory.putLong(bitmap.tableOffsetBytes()).putInt(bitmap.tableEntries());
            directory.putInt(bitmap.flags()).put((byte) bitmap.type()).put((byte) bitmap.granularityBits());
            directory.putShort((short) name.length).putInt(bitmap.extra().length);
            directory.put(bitmap.extra()).put(name).position(next);
        }
        return directory.array();
    }

    /** How long the directory of these bitmaps is. */
    public static long storedBytes(List<Bitmap> bitmaps) {
        return bitmaps.stream().mapToLong(BitmapDirectory::entryBytes).sum();
    }

    private static long entryBytes(Bitmap bitmap) {
        int name = bitmap.name().getBytes(StandardCharsets.UTF_8).length;
        return (ENTRY_BYTES + bitmap.extra().length + name + 7L) / 8 * 8;
    }

    /** The header extension that leads to a directory. */
    public static byte[] extension(int bitmaps, long offsetBytes, long lengthBytes) {
        return ByteBuffer.allocate(EXTENSION_BYTES)
                .putInt(bitmaps)
                .putInt(0)
                .putLong(lengthBytes)
                .putLong(offsetBytes)
                .array();
    }

    /**
     * Whether a bitmap of this name and size can be.
     *
     * @param tableEntries clusters of its bits
     */
    public static boolean possible(String name, long tableEntries) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > 0 && bytes <= MAX_NAME_BYTES && tableEntries <= MAX_TABLE_ENTRIES;
    }
}
