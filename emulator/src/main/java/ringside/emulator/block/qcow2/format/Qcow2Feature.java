package ringside.emulator.block.qcow2.format;

/** Feature bits that are known (QEMU: docs/interop/qcow2.rst, feature bits of version 3). */
public enum Qcow2Feature {
    /** Refcounts may be wrong: they are rebuilt before anything is written. */
    DIRTY(Kind.INCOMPATIBLE, 0, "dirty bit"),
    /** Metadata are damaged: only reading is allowed, until repaired. */
    CORRUPT(Kind.INCOMPATIBLE, 1, "corrupt bit"),
    /** Guest data are in another file. */
    DATA_FILE(Kind.INCOMPATIBLE, 2, "external data file"),
    /** The header names a compression other than zlib. */
    COMPRESSION(Kind.INCOMPATIBLE, 3, "compression type"),
    /** Clusters have subclusters. */
    EXTENDED_L2(Kind.INCOMPATIBLE, 4, "extended L2 entries"),
    /** Refcounts may be written late, behind the dirty bit. */
    LAZY_REFCOUNTS(Kind.COMPATIBLE, 0, "lazy refcounts"),
    /** The bitmaps are consistent with the data. */
    BITMAPS(Kind.AUTOCLEAR, 0, "bitmaps"),
    /** The data file is a raw image of the guest's disk. */
    RAW_DATA_FILE(Kind.AUTOCLEAR, 1, "raw external data");

    /** What a program must do that does not know a bit. The ordinal is the type in the feature name table. */
    public enum Kind {
        /** Refuse the image. */
        INCOMPATIBLE,
        /** Keep the bit. */
        COMPATIBLE,
        /** Clear the bit when it writes. */
        AUTOCLEAR
    }

    private final Kind kind;
    private final int bit;
    private final String label;

    Qcow2Feature(Kind kind, int bit, String label) {
        this.kind = kind;
        this.bit = bit;
        this.label = label;
    }

    /** In which of the three fields the bit is. */
    public Kind kind() {
        return kind;
    }

    /** Number of the bit. */
    public int bit() {
        return bit;
    }

    /** The bit as a mask. */
    public long mask() {
        return 1L << bit;
    }

    /** The name in the feature name table. */
    public String label() {
        return label;
    }

    /** All known bits of one field. */
    public static long known(Kind kind) {
        long mask = 0;
        for (Qcow2Feature feature : values()) {
            mask |= feature.kind == kind ? feature.mask() : 0;
        }
        return mask;
    }
}
