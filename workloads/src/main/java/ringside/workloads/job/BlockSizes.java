package ringside.workloads.job;

/**
 * Block size per direction in bytes, each a positive multiple of 512 (fio: bs=read,write,trim).
 *
 * @param readBytes size of a read
 * @param writeBytes size of a write
 * @param trimBytes size of a discard
 */
public record BlockSizes(int readBytes, int writeBytes, int trimBytes) {
    private static final int SECTOR_BYTES = 512;
    private static final int DEFAULT_BYTES = 4096;
    private static final int MAX_BYTES = 1 << 30;

    /** fio's default: 4 KiB. */
    public static final BlockSizes DEFAULT = of(DEFAULT_BYTES);

    public BlockSizes {
        check(readBytes);
        check(writeBytes);
        check(trimBytes);
    }

    /** The same size for all directions. */
    public static BlockSizes of(int bytes) {
        return new BlockSizes(bytes, bytes, bytes);
    }

    /** The largest of the three. */
    public int maxBytes() {
        return Math.max(readBytes, Math.max(writeBytes, trimBytes));
    }

    /**
     * fio's notation: {@code 4k} for all, {@code 4k,8k} for reads and the rest, {@code ,8k} keeps the default for
     * reads, {@code 4k,} keeps it for what follows.
     *
     * @throws IllegalArgumentException when a size is malformed or no multiple of 512
     */
    static BlockSizes parse(String value) {
        String[] parts = value.split(",", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException("bs=" + value + " has more than three sizes: use read,write,trim");
        }
        int[] sizes = new int[3];
        int inherited = DEFAULT_BYTES;
        for (int i = 0; i < 3; i++) {
            if (i < parts.length) {
                String part = parts[i].strip();
                inherited = part.isEmpty() ? DEFAULT_BYTES : parseOne(part);
            }
            sizes[i] = inherited;
        }
        return new BlockSizes(sizes[0], sizes[1], sizes[2]);
    }

    private static int parseOne(String text) {
        if (text.indexOf('-') > 0) {
            throw new IllegalArgumentException(
                    "bs=" + text + " is a range: ranges (bsrange) are not implemented, give one size");
        }
        long bytes = FioUnits.bytes("bs", text);
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("bs=" + text + " is larger than 1 GiB");
        }
        return (int) bytes;
    }

    private static void check(int bytes) {
        if (bytes < SECTOR_BYTES || bytes % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException("bs=" + bytes + " is not a multiple of 512: a disk has 512-byte sectors"
                    + " (in fio's units 4k is 4096 and 4kib is 4000)");
        }
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("bs=" + bytes + " is larger than 1 GiB");
        }
    }
}
