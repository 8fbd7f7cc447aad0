package ringside.workloads.job;

/**
 * Distance of random offsets in bytes, a multiple of 512; 0: the smallest block size of the direction (fio: blockalign).
 *
 * @param readBytes distance of the reads
 * @param writeBytes distance of the writes
 * @param trimBytes distance of the discards
 */
public record BlockAlign(int readBytes, int writeBytes, int trimBytes) {
    /** fio's default. */
    public static final BlockAlign SMALLEST = new BlockAlign(0, 0, 0);

    public BlockAlign {
        check(readBytes);
        check(writeBytes);
        check(trimBytes);
    }

    static BlockAlign parse(String value) {
        return PerDirection.parse(
                        "blockalign", value, part -> (int) FioUnits.integer("blockalign", part, 0, Integer.MAX_VALUE))
                .map(BlockAlign::new);
    }

    private static void check(int bytes) {
        if (bytes < 0 || bytes % 512 != 0) {
            throw new IllegalArgumentException(
                    "blockalign=" + bytes + " is not a multiple of 512: a disk has 512-byte sectors");
        }
    }
}
