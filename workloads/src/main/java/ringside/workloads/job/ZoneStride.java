package ringside.workloads.job;

/**
 * Zones that a job visits one after another (fio: zonemode=strided). All in bytes, multiples of 512.
 *
 * @param rangeBytes length of a zone; 0: no zones
 * @param sizeBytes bytes to transfer in a zone before the next one
 * @param skipBytes gap between two zones
 */
public record ZoneStride(long rangeBytes, long sizeBytes, long skipBytes) {
    /** fio's default: the region is one piece. */
    public static final ZoneStride NONE = new ZoneStride(0, 0, 0);

    public ZoneStride {
        if (rangeBytes % 512 != 0 || sizeBytes % 512 != 0 || skipBytes % 512 != 0) {
            throw new IllegalArgumentException("zonerange, zonesize and zoneskip must be multiples of 512");
        }
        if ((rangeBytes == 0) != (sizeBytes == 0)) {
            throw new IllegalArgumentException("zonemode=strided needs zonesize=BYTES: the bytes to do in each zone");
        }
    }

    /** Whether there are zones. */
    public boolean isUsed() {
        return sizeBytes > 0;
    }
}
