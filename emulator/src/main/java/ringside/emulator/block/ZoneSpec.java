package ringside.emulator.block;

/**
 * Zones of an emulated zoned disk, in the manner of null_blk (Linux) and of zone-model and its sisters in QEMU.
 *
 * @param model host-managed or host-aware
 * @param zoneBytes size of a zone, a power of two of at least 4096; the last zone may be smaller
 * @param capacityBytes writable part of a zone from its start, 0 for all of it; host-aware zones have no other
 * @param conventional number of zones, from the first on, that are written like any disk
 * @param maxOpen most zones open at a time, 0 for no limit; host-aware disks have none
 * @param maxActive most zones open or closed at a time, 0 for no limit; host-aware disks have none
 * @param maxAppendBytes most data of one append, a multiple of 4096; 0 for no appends
 */
public record ZoneSpec(
        ZoneModel model,
        long zoneBytes,
        long capacityBytes,
        int conventional,
        int maxOpen,
        int maxActive,
        int maxAppendBytes) {
    private static final int GRANULE_BYTES = 4096;
    private static final long MAX_ZONE_BYTES = 1L << 40;

    public ZoneSpec {
        require(
                Long.bitCount(zoneBytes) == 1 && zoneBytes >= GRANULE_BYTES && zoneBytes <= MAX_ZONE_BYTES,
                "zone-size must be a power of two from 4k to 1T, it is " + zoneBytes);
        require(
                capacityBytes >= 0 && capacityBytes <= zoneBytes && capacityBytes % GRANULE_BYTES == 0,
                "zone-capacity must be a multiple of 4096 up to the zone size, it is " + capacityBytes);
        require(conventional >= 0, "conventional-zones must not be negative, it is " + conventional);
        require(maxOpen >= 0, "max-open-zones must not be negative, it is " + maxOpen);
        require(maxActive >= 0, "max-active-zones must not be negative, it is " + maxActive);
        require(
                maxActive == 0 || maxOpen <= maxActive,
                "max-open-zones=" + maxOpen + " exceeds max-active-zones=" + maxActive + "; open zones are active");
        require(
                maxAppendBytes >= 0 && maxAppendBytes % GRANULE_BYTES == 0,
                "max-append-bytes must be a multiple of 4096, it is " + maxAppendBytes);
        boolean plain = maxOpen == 0 && maxActive == 0 && (capacityBytes == 0 || capacityBytes == zoneBytes);
        require(
                model == ZoneModel.HOST_MANAGED || plain,
                "zone-model=host-aware takes any write, so it has no max-open-zones, max-active-zones or zone-capacity");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The writable part of a zone in bytes. */
    long writableBytes() {
        return capacityBytes == 0 ? zoneBytes : capacityBytes;
    }

    String description() {
        return "zone-model=%s,zone-size=%d,zone-capacity=%d,conventional-zones=%d,max-open-zones=%d,max-active-zones=%d"
                        .formatted(model.label(), zoneBytes, writableBytes(), conventional, maxOpen, maxActive)
                + ",max-append-bytes=" + maxAppendBytes;
    }
}
