package ringside.workloads.job;

/** Where the requests go, in which direction and how large they are. */
final class ShapeOptions extends OptionGroup {
    private ReadWrite rw = ReadWrite.READ;
    private int rwmixread = 50;
    private long randseed = JobAccess.DEFAULT_RANDSEED;
    private boolean norandommap;
    private BlockSizes bs = BlockSizes.DEFAULT;
    private Extent offset = Extent.UNSET;
    private Extent size = Extent.UNSET;
    private Extent ioSize = Extent.UNSET;

    ShapeOptions() {
        option("rw", value -> rw = ReadWrite.of(value));
        option("bs", value -> bs = BlockSizes.parse(value));
        option("size", value -> size = Extent.parse("size", value));
        option("offset", value -> offset = Extent.parse("offset", value));
        option("io_size", value -> ioSize = Extent.parse("io_size", value));
        flag("norandommap", value -> norandommap = value);
        option("rwmixread", value -> rwmixread = percent("rwmixread", value));
        option("rwmixwrite", value -> rwmixread = 100 - percent("rwmixwrite", value));
        option("randseed", value -> randseed = FioUnits.integer("randseed", value, 0, Long.MAX_VALUE));
        option("randrepeat", ShapeOptions::requireRepeat);
    }

    JobAccess access() {
        return new JobAccess(rw, rwmixread, randseed, norandommap);
    }

    BlockSizes bs() {
        return bs;
    }

    JobRegion region() {
        return new JobRegion(offset, size, ioSize);
    }

    private static void requireRepeat(String value) {
        if (!FioUnits.bool("randrepeat", value)) {
            throw new IllegalArgumentException(
                    "randrepeat=0 is not supported, every run can be repeated: give another randseed instead");
        }
    }
}
