package ringside.emulator.device.blk;

/**
 * What a disk offers beyond reading and writing, and within which limits. The defaults are QEMU's. Immutable; change one
 * with {@link #change()}.
 *
 * @param logicalBlockBytes unit of addressing, a power of two in 512..4096 (QEMU: logical_block_size)
 * @param physicalBlockBytes unit of writing without a read before it, a power of two up to 64 KiB and at least the logical
 *     block; 0 takes the storage's (QEMU: physical_block_size)
 * @param minIoBytes suggested smallest I/O, a multiple of the logical block; 0 takes the physical block (QEMU:
 *     min_io_size)
 * @param optIoBytes suggested largest I/O, a multiple of the logical block; 0 suggests none (QEMU: opt_io_size)
 * @param sizeMaxBytes longest data segment, at least 4096; 0 sets no limit and does not offer VIRTIO_BLK_F_SIZE_MAX
 * @param segMax most data segments of a request; 0 is what the queue has room for (QEMU: seg-max-adjust)
 * @param discard offer VIRTIO_BLK_F_DISCARD (QEMU: discard)
 * @param writeZeroes offer VIRTIO_BLK_F_WRITE_ZEROES (QEMU: write-zeroes)
 * @param secureErase offer VIRTIO_BLK_F_SECURE_ERASE where the storage can erase
 * @param maxRangeSectors longest range of these three in sectors of 512 bytes (QEMU: max-discard-sectors,
 *     max-write-zeroes-sectors)
 * @param maxRanges most ranges in one request of these three, 1..256
 * @param discardGranularityBytes alignment of useful discards, a multiple of the logical block; 0 takes the physical
 *     block (QEMU: discard_granularity)
 * @param packed offer VIRTIO_F_RING_PACKED (QEMU: packed, off)
 * @param inOrder offer VIRTIO_F_IN_ORDER (QEMU: in_order, off)
 */
public record BlkOptions(
        int logicalBlockBytes,
        int physicalBlockBytes,
        int minIoBytes,
        int optIoBytes,
        int sizeMaxBytes,
        int segMax,
        boolean discard,
        boolean writeZeroes,
        boolean secureErase,
        int maxRangeSectors,
        int maxRanges,
        int discardGranularityBytes,
        boolean packed,
        boolean inOrder) {
    /** Split rings used in any order, DISCARD and WRITE_ZEROES with one range of up to 1 GiB, blocks of 512 bytes. */
    public static final BlkOptions DEFAULT =
            new BlkOptions(BlkConstants.SECTOR_BYTES, 0, 0, 0, 0, 0, true, true, false, 1 << 21, 1, 0, false, false);

    private static final int MAX_LOGICAL_BYTES = 4096;
    private static final int MAX_PHYSICAL_BYTES = 1 << 16;
    private static final int MIN_SIZE_MAX_BYTES = 4096;
    private static final int MAX_SEG_MAX = 32_766;
    private static final int MAX_RANGES = 256;

    public BlkOptions {
        powerOfTwo("logical-block-size", logicalBlockBytes, BlkConstants.SECTOR_BYTES, MAX_LOGICAL_BYTES);
        if (physicalBlockBytes != 0) {
            powerOfTwo("physical-block-size", physicalBlockBytes, logicalBlockBytes, MAX_PHYSICAL_BYTES);
        }
        blocks("min-io-size", minIoBytes, logicalBlockBytes);
        blocks("opt-io-size", optIoBytes, logicalBlockBytes);
        blocks("discard-granularity", discardGranularityBytes, logicalBlockBytes);
        require(
                minIoBytes / logicalBlockBytes <= 0xffff,
                "min-io-size must be less than 65536 logical blocks, it is " + minIoBytes);
        require(
                sizeMaxBytes == 0 || sizeMaxBytes >= MIN_SIZE_MAX_BYTES && sizeMaxBytes % logicalBlockBytes == 0,
                "size-max must be 0 or at least 4096 and a multiple of the logical block, it is " + sizeMaxBytes);
        require(segMax >= 0 && segMax <= MAX_SEG_MAX, "seg-max must be 0.." + MAX_SEG_MAX + ", it is " + segMax);
        require(
                maxRangeSectors >= logicalBlockBytes / BlkConstants.SECTOR_BYTES,
                "max-discard-sectors must be at least one logical block, it is " + maxRangeSectors);
        require(maxRanges >= 1 && maxRanges <= MAX_RANGES, "max-discard-seg must be 1..256, it is " + maxRanges);
    }

    private static void powerOfTwo(String name, int value, int low, int high) {
        require(
                value >= low && value <= high && Integer.bitCount(value) == 1,
                name + " must be a power of two in " + low + ".." + high + ", it is " + value);
    }

    private static void blocks(String name, int value, int blockBytes) {
        require(
                value >= 0 && value % blockBytes == 0,
                name + " must be a multiple of the logical block of " + blockBytes + " bytes, it is " + value);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Without DISCARD and WRITE_ZEROES, as devices were before VIRTIO 1.1. */
    public BlkOptions withoutRanges() {
        return change().discard(false).writeZeroes(false).secureErase(false).build();
    }

    /** A copy to change. */
    public Change change() {
        return new Change(this);
    }

    /** Collects changes of some options; {@link #build()} checks them together. */
    public static final class Change {
        private int logicalBlockBytes;
        private int physicalBlockBytes;
        private int minIoBytes;
        private int optIoBytes;
        private int sizeMaxBytes;
        private int segMax;
        private boolean discard;
        private boolean writeZeroes;
        private boolean secureErase;
        private int maxRangeSectors;
        private int maxRanges;
        private int discardGranularityBytes;
        private boolean packed;
        private boolean inOrder;

        private Change(BlkOptions from) {
            logicalBlockBytes = from.logicalBlockBytes;
            physicalBlockBytes = from.physicalBlockBytes;
            minIoBytes = from.minIoBytes;
            optIoBytes = from.optIoBytes;
            sizeMaxBytes = from.sizeMaxBytes;
            segMax = from.segMax;
            discard = from.discard;
            writeZeroes = from.writeZeroes;
            secureErase = from.secureErase;
            maxRangeSectors = from.maxRangeSectors;
            maxRanges = from.maxRanges;
            discardGranularityBytes = from.discardGranularityBytes;
            packed = from.packed;
            inOrder = from.inOrder;
        }

        public Change logicalBlockBytes(int bytes) {
            logicalBlockBytes = bytes;
            return this;
        }

        public Change physicalBlockBytes(int bytes) {
            physicalBlockBytes = bytes;
            return this;
        }

        public Change minIoBytes(int bytes) {
            minIoBytes = bytes;
            return this;
        }

        public Change optIoBytes(int bytes) {
            optIoBytes = bytes;
            return this;
        }

        public Change sizeMaxBytes(int bytes) {
            sizeMaxBytes = bytes;
            return this;
        }

        public Change segMax(int segments) {
            segMax = segments;
            return this;
        }

        public Change discard(boolean offered) {
            discard = offered;
            return this;
        }

        public Change writeZeroes(boolean offered) {
            writeZeroes = offered;
            return this;
        }

        public Change secureErase(boolean offered) {
            secureErase = offered;
            return this;
        }

        public Change maxRangeSectors(int sectors) {
            maxRangeSectors = sectors;
            return this;
        }

        public Change maxRanges(int ranges) {
            maxRanges = ranges;
            return this;
        }

        public Change discardGranularityBytes(int bytes) {
            discardGranularityBytes = bytes;
            return this;
        }

        public Change packed(boolean offered) {
            packed = offered;
            return this;
        }

        public Change inOrder(boolean offered) {
            inOrder = offered;
            return this;
        }

        /** @throws IllegalArgumentException naming the option that is out of range */
        public BlkOptions build() {
            return new BlkOptions(
                    logicalBlockBytes,
                    physicalBlockBytes,
                    minIoBytes,
                    optIoBytes,
                    sizeMaxBytes,
                    segMax,
                    discard,
                    writeZeroes,
                    secureErase,
                    maxRangeSectors,
                    maxRanges,
                    discardGranularityBytes,
                    packed,
                    inOrder);
        }
    }
}
