package ringside.workloads.job;

/**
 * Which part of the disk a job uses and how much it transfers.
 *
 * @param offset where the region begins; per cent of the disk
 * @param size length of the region; per cent of the disk; unset: up to the end of the disk
 * @param ioSize bytes to transfer per clone; per cent of the region; unset: the size of the region
 * @param offsetIncrement added to the offset once per clone before this one; per cent of the disk
 * @param offsetAlignBytes boundary that an offset in per cent is rounded up to; 0: the smallest block size
 * @param numberIos requests to make per clone, unless ioSize ends it before; 0: no such limit
 * @param stride zones that are visited one after another
 */
public record JobRegion(
        Extent offset,
        Extent size,
        Extent ioSize,
        Extent offsetIncrement,
        int offsetAlignBytes,
        long numberIos,
        ZoneStride stride) {
    /** The whole disk once. */
    public static final JobRegion WHOLE_DISK = new JobRegion(Extent.UNSET, Extent.UNSET, Extent.UNSET);

    /** A region that is the same for all clones. */
    public JobRegion(Extent offset, Extent size, Extent ioSize) {
        this(offset, size, ioSize, Extent.UNSET, 0, 0, ZoneStride.NONE);
    }

    /**
     * A region on a real disk.
     *
     * @param offsetBytes first byte, a multiple of 512
     * @param sizeBytes length
     * @param ioBytes bytes to transfer per clone
     */
    public record Resolved(long offsetBytes, long sizeBytes, long ioBytes) {}

    /** With another beginning. */
    public JobRegion withOffset(Extent value) {
        return new JobRegion(value, size, ioSize, offsetIncrement, offsetAlignBytes, numberIos, stride);
    }

    /** With another length. */
    public JobRegion withSize(Extent value) {
        return new JobRegion(offset, value, ioSize, offsetIncrement, offsetAlignBytes, numberIos, stride);
    }

    /** With other bytes to transfer. */
    public JobRegion withIoSize(Extent value) {
        return new JobRegion(offset, size, value, offsetIncrement, offsetAlignBytes, numberIos, stride);
    }

    /** The region of the first clone. */
    public Resolved resolve(String job, long capacityBytes, BlockSizes bs) {
        return resolve(job, capacityBytes, bs, 0);
    }

    /**
     * The region of a clone on a disk of this capacity. An offset in per cent is rounded up to the next block, as in
     * fio.
     *
     * @param clone which of the job's clones on this disk, from 0
     * @throws IllegalArgumentException one line, when the region does not fit or holds no block
     */
    public Resolved resolve(String job, long capacityBytes, BlockSizes bs, int clone) {
        long offsetBytes = offsetBytes(job, capacityBytes, bs, clone);
        if (offsetBytes % 512 != 0) {
            throw new IllegalArgumentException("job " + job + ": offset=" + offset + increment(clone)
                    + " is not a multiple of 512: use whole sectors");
        }
        long sizeBytes = size.isUnset() ? capacityBytes - offsetBytes : size.resolveBytes(capacityBytes);
        if (size.percent()) {
            sizeBytes = Math.min(sizeBytes, capacityBytes - offsetBytes);
        }
        checkFits(job, offsetBytes, sizeBytes, capacityBytes, bs, clone);
        long ioBytes = ioSize.isUnset() ? sizeBytes : ioSize.resolveBytes(sizeBytes);
        if (ioBytes < bs.maxBytes()) {
            throw new IllegalArgumentException("job " + job + ": io_size=" + ioSize + " is less than one block of "
                    + bs.maxBytes() + " bytes: use a larger io_size");
        }
        return new Resolved(offsetBytes, sizeBytes, ioBytes);
    }

    private long offsetBytes(String job, long capacityBytes, BlockSizes bs, int clone) {
        long bytes;
        try {
            bytes = Math.addExact(
                    offset.resolveBytes(capacityBytes),
                    Math.multiplyExact(offsetIncrement.resolveBytes(capacityBytes), (long) clone));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "job " + job + ": offset_increment=" + offsetIncrement + " is too large", e);
        }
        if (!offset.percent() && !offsetIncrement.percent()) {
            return bytes;
        }
        int align = offsetAlignBytes == 0 ? bs.minBytes() : offsetAlignBytes;
        return Math.ceilDiv(bytes, align) * align;
    }

    private void checkFits(String job, long offsetBytes, long sizeBytes, long capacityBytes, BlockSizes bs, int clone) {
        if (offsetBytes > capacityBytes || sizeBytes > capacityBytes - offsetBytes) {
            throw new IllegalArgumentException("job " + job + ": offset=" + offset + increment(clone) + " and size="
                    + size + " reach beyond the disk of " + capacityBytes
                    + " bytes: use a smaller size, or size=100%");
        }
        if (sizeBytes < bs.maxBytes()) {
            throw new IllegalArgumentException("job " + job + ": the region of " + sizeBytes
                    + " bytes is smaller than one block of " + bs.maxBytes() + " bytes: use a larger disk or size");
        }
        if (stride.isUsed() && (stride.rangeBytes() > sizeBytes || stride.rangeBytes() < bs.maxBytes())) {
            throw new IllegalArgumentException(
                    "job " + job + ": zonerange=" + stride.rangeBytes() + " must hold a block of " + bs.maxBytes()
                            + " bytes and fit the region of " + sizeBytes + " bytes");
        }
    }

    private String increment(int clone) {
        return offsetIncrement.isUnset() ? "" : " + " + clone + " x offset_increment=" + offsetIncrement;
    }
}
