package ringside.workloads.job;

/**
 * Which part of the disk a job uses and how much it transfers.
 *
 * @param offset where the region begins; per cent of the disk
 * @param size length of the region; per cent of the disk; unset: up to the end of the disk
 * @param ioSize bytes to transfer per clone; per cent of the region; unset: the size of the region
 */
public record JobRegion(Extent offset, Extent size, Extent ioSize) {
    /** The whole disk once. */
    public static final JobRegion WHOLE_DISK = new JobRegion(Extent.UNSET, Extent.UNSET, Extent.UNSET);

    /**
     * A region on a real disk.
     *
     * @param offsetBytes first byte, a multiple of 512
     * @param sizeBytes length
     * @param ioBytes bytes to transfer per clone
     */
    public record Resolved(long offsetBytes, long sizeBytes, long ioBytes) {}

    /**
     * The region on a disk of this capacity. Percentages are rounded down to the block size, as in fio.
     *
     * @throws IllegalArgumentException one line, when the region does not fit or holds no block
     */
    public Resolved resolve(String job, long capacityBytes, BlockSizes bs) {
        long offsetBytes = offset.resolveBytes(capacityBytes);
        if (offset.percent()) {
            offsetBytes -= offsetBytes % bs.maxBytes();
        }
        if (offsetBytes % 512 != 0) {
            throw new IllegalArgumentException("job " + job + ": offset=" + offset + " is not a multiple of 512");
        }
        long sizeBytes = size.isUnset() ? capacityBytes - offsetBytes : size.resolveBytes(capacityBytes);
        if (size.percent()) {
            sizeBytes = Math.min(sizeBytes, capacityBytes - offsetBytes);
        }
        checkFits(job, offsetBytes, sizeBytes, capacityBytes, bs);
        long ioBytes = ioSize.isUnset() ? sizeBytes : ioSize.resolveBytes(sizeBytes);
        if (ioBytes < bs.maxBytes()) {
            throw new IllegalArgumentException("job " + job + ": io_size=" + ioSize + " is less than one block of "
                    + bs.maxBytes() + " bytes: use a larger io_size");
        }
        return new Resolved(offsetBytes, sizeBytes, ioBytes);
    }

    private void checkFits(String job, long offsetBytes, long sizeBytes, long capacityBytes, BlockSizes bs) {
        if (sizeBytes > capacityBytes - offsetBytes) {
            throw new IllegalArgumentException("job " + job + ": offset=" + offset + " and size=" + size
                    + " reach beyond the disk of " + capacityBytes + " bytes: use a smaller size, or size=100%");
        }
        if (sizeBytes < bs.maxBytes()) {
            throw new IllegalArgumentException("job " + job + ": the region of " + sizeBytes
                    + " bytes is smaller than one block of " + bs.maxBytes() + " bytes: use a larger disk or size");
        }
    }
}
