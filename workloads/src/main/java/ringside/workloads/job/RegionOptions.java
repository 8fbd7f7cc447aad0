package ringside.workloads.job;

/** Which part of the disk is used, and how much of it. */
final class RegionOptions extends OptionGroup {
    private Extent offset = Extent.UNSET;
    private Extent size = Extent.UNSET;
    private Extent ioSize = Extent.UNSET;
    private Extent offsetIncrement = Extent.UNSET;
    private int offsetAlignBytes;
    private long numberIos;
    private boolean strided;
    private boolean zoneModeGiven;
    private long zoneRangeBytes;
    private long zoneSizeBytes;
    private long zoneSkipBytes;

    RegionOptions() {
        option("size", value -> size = Extent.parse("size", value));
        option("offset", value -> offset = Extent.parse("offset", value));
        option("io_size", value -> ioSize = Extent.parse("io_size", value));
        option("offset_increment", value -> offsetIncrement = Extent.parse("offset_increment", value));
        option("offset_align", value -> offsetAlignBytes = align(value));
        option("number_ios", value -> numberIos = FioUnits.integer("number_ios", value, 0, Long.MAX_VALUE));
        option("zonemode", this::setZoneMode);
        option("zonerange", value -> zoneRangeBytes = FioUnits.bytes("zonerange", value));
        option("zonesize", value -> zoneSizeBytes = FioUnits.bytes("zonesize", value));
        option("zoneskip", value -> zoneSkipBytes = FioUnits.bytes("zoneskip", value));
    }

    JobRegion region() {
        return new JobRegion(offset, size, ioSize, offsetIncrement, offsetAlignBytes, numberIos, stride());
    }

    /** As in fio, a zonesize alone means strided zones, and the range is the size unless given. */
    private ZoneStride stride() {
        if (zoneModeGiven && !strided && zoneSizeBytes > 0) {
            throw new IllegalArgumentException("zonemode=none has no zonesize: remove it, or use zonemode=strided");
        }
        if (zoneModeGiven ? !strided : zoneSizeBytes == 0) {
            return ZoneStride.NONE;
        }
        if (zoneSizeBytes == 0) {
            throw new IllegalArgumentException("zonemode=strided needs zonesize=BYTES: the bytes to do in each zone");
        }
        return new ZoneStride(zoneRangeBytes == 0 ? zoneSizeBytes : zoneRangeBytes, zoneSizeBytes, zoneSkipBytes);
    }

    private void setZoneMode(String value) {
        zoneModeGiven = true;
        strided = switch (value) {
            case "none" -> false;
            case "strided" -> true;
            default ->
                throw new IllegalArgumentException("zonemode=" + value
                        + " is not supported: use none or strided; a zoned disk (zbd) cannot be driven by a job");
        };
    }

    private static int align(String value) {
        long bytes = FioUnits.integer("offset_align", value, 0, 1 << 30);
        if (bytes % 512 != 0) {
            throw new IllegalArgumentException("offset_align=" + value + " is not a multiple of 512");
        }
        return (int) bytes;
    }
}
