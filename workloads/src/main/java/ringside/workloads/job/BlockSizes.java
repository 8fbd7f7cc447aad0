package ringside.workloads.job;

/**
 * Block sizes per direction (fio: bs, bsrange, bssplit) and how they are used.
 *
 * @param read sizes of reads
 * @param write sizes of writes
 * @param trim sizes of discards
 * @param unaligned sizes of a range or split need not be multiples of the smallest one, only of 512 (fio: bs_unaligned)
 * @param bySequence the read sizes are those of sequential requests, the write sizes those of random ones, whatever their
 *     direction (fio: bs_is_seq_rand)
 * @param align distance of random offsets (fio: blockalign)
 */
public record BlockSizes(
        BlockSize read, BlockSize write, BlockSize trim, boolean unaligned, boolean bySequence, BlockAlign align) {
    private static final int DEFAULT_BYTES = 4096;

    /** fio's default: 4 KiB. */
    public static final BlockSizes DEFAULT = of(DEFAULT_BYTES);

    /** One size per direction. */
    public BlockSizes(int readBytes, int writeBytes, int trimBytes) {
        this(BlockSize.of(readBytes), BlockSize.of(writeBytes), BlockSize.of(trimBytes));
    }

    BlockSizes(BlockSize read, BlockSize write, BlockSize trim) {
        this(read, write, trim, false, false, BlockAlign.SMALLEST);
    }

    /** The same size for all directions. */
    public static BlockSizes of(int bytes) {
        return new BlockSizes(bytes, bytes, bytes);
    }

    /** The largest read in bytes. */
    public int readBytes() {
        return (bySequence ? wider() : read).maxBytes();
    }

    /** The largest write in bytes. */
    public int writeBytes() {
        return (bySequence ? wider() : write).maxBytes();
    }

    /** The largest discard in bytes. */
    public int trimBytes() {
        return (bySequence ? wider() : trim).maxBytes();
    }

    /** The largest of the three. */
    public int maxBytes() {
        return Math.max(read.maxBytes(), Math.max(write.maxBytes(), trim.maxBytes()));
    }

    /** The smallest of the three. */
    public int minBytes() {
        return Math.min(read.minBytes(), Math.min(write.minBytes(), trim.minBytes()));
    }

    /** Whether each direction has one size, used at its own distance. */
    public boolean isFixed() {
        return read.isFixed() && write.isFixed() && trim.isFixed() && !bySequence && align.equals(BlockAlign.SMALLEST);
    }

    /** Whether all reads and writes have sizes and distances that are multiples of a disk's block. */
    public boolean isMultipleOf(int blockBytes) {
        boolean distances = align.readBytes() % blockBytes == 0 && align.writeBytes() % blockBytes == 0;
        boolean steps = !unaligned || blockBytes <= 512 || (read.isFixed() && write.isFixed());
        return distances && steps && read.isMultipleOf(blockBytes) && write.isMultipleOf(blockBytes);
    }

    /** As written in a job file. */
    @Override
    public String toString() {
        String first = read.toString();
        return read.equals(write) && read.equals(trim) ? first : first + "," + write + "," + trim;
    }

    BlockSizes withFlags(boolean unalignedSizes, boolean bySequenceSizes, BlockAlign newAlign) {
        return new BlockSizes(read, write, trim, unalignedSizes, bySequenceSizes, newAlign);
    }

    /**
     * fio's notation: {@code 4k} for all, {@code 4k,8k} for reads and the rest, {@code ,8k} keeps the default for
     * reads, {@code 4k,} keeps it for what follows.
     *
     * @throws IllegalArgumentException when a size is malformed or no multiple of 512
     */
    static BlockSizes parse(String value) {
        return PerDirection.parse(
                        "bs", value, part -> part.isEmpty() ? BlockSize.of(DEFAULT_BYTES) : BlockSize.parse(part))
                .map(BlockSizes::new);
    }

    /** fio's bsrange. */
    static BlockSizes parseRange(String value) {
        return PerDirection.parse("bsrange", value, BlockSize::parseRange).map(BlockSizes::new);
    }

    /** fio's bssplit. */
    static BlockSizes parseSplit(String value) {
        return PerDirection.parse("bssplit", value, BlockSize::parseSplit).map(BlockSizes::new);
    }

    private BlockSize wider() {
        return write.maxBytes() > read.maxBytes() ? write : read;
    }
}
