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
     * @param granularityBits how many bytes a bit stands for, as a power of two
     * @param entryOffsetBytes where the directory has its entry
     */
    public record Bitmap(
            String name,
            long tableOffsetBytes,
            int tableEntries,
            int flags,
            int granularityBits,
            long entryOffsetBytes) {}

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
        return Optional.of(new Read(entries(ByteBuffer.wrap(bytes), count, offset, image), offset, length));
    }

    private static List<Bitmap> entries(ByteBuffer directory, int count, long offset, String image) {
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
            directory.get((int) (at + ENTRY_BYTES + extra), name);
            bitmaps.add(new Bitmap(
                    new String(name, StandardCharsets.UTF_8),
                    directory.getLong(at),
                    table,
                    directory.getInt(at + 12),
                    directory.get(at + 17),
                    offset + at));
            at += (int) ((size + 7) / 8 * 8);
        }
        return bitmaps;
    }
}
