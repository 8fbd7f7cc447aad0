package ringside.emulator.block.qcow2.format;

/** Offsets in the header and limits of the tables (QEMU: docs/interop/qcow2.rst, "Header"). All numbers are big-endian. */
public final class Qcow2Layout {
    /** "QFI" and 0xfb. */
    public static final int MAGIC = 0x514649fb;

    public static final int VERSION = 4;
    public static final int BACKING_OFFSET = 8;
    public static final int BACKING_SIZE = 16;
    public static final int CLUSTER_BITS = 20;
    public static final int SIZE = 24;
    public static final int CRYPT_METHOD = 32;
    public static final int L1_SIZE = 36;
    public static final int L1_OFFSET = 40;
    public static final int REFCOUNT_TABLE_OFFSET = 48;
    public static final int REFCOUNT_TABLE_CLUSTERS = 56;
    public static final int SNAPSHOT_COUNT = 60;
    public static final int SNAPSHOTS_OFFSET = 64;

    /** Bytes of a header of version 2. */
    public static final int V2_BYTES = 72;

    public static final int INCOMPATIBLE = 72;
    public static final int COMPATIBLE = 80;
    public static final int AUTOCLEAR = 88;
    public static final int REFCOUNT_ORDER = 96;
    public static final int HEADER_LENGTH = 100;

    /** Bytes of the shortest header of version 3. */
    public static final int V3_BYTES = 104;

    public static final int COMPRESSION_TYPE = 104;

    /** Bytes of the header of version 3 that is written. */
    public static final int WRITTEN_BYTES = 112;

    public static final int EXTENSION_END = 0;
    public static final int EXTENSION_BACKING_FORMAT = 0xe2792aca;
    public static final int EXTENSION_FEATURE_NAMES = 0x6803f857;
    public static final int EXTENSION_BITMAPS = 0x23852875;
    public static final int EXTENSION_DATA_FILE = 0x44415441;

    /** Bytes of type and length before an extension's data. */
    public static final int EXTENSION_HEADER_BYTES = 8;

    public static final int MIN_CLUSTER_BITS = 9;
    public static final int MAX_CLUSTER_BITS = 21;

    /** Smallest clusters with subclusters: 32 of at least 512 bytes. */
    public static final int MIN_EXTENDED_CLUSTER_BITS = 14;

    public static final int MAX_REFCOUNT_ORDER = 6;
    public static final int DEFAULT_REFCOUNT_ORDER = 4;
    public static final int MAX_BACKING_NAME_BYTES = 1023;

    /** QEMU's limits, which bound the memory that a hostile image can ask for. */
    public static final long MAX_L1_BYTES = 32L << 20;

    public static final long MAX_REFCOUNT_TABLE_BYTES = 8L << 20;
    public static final int MAX_SNAPSHOTS = 65536;

    private Qcow2Layout() {}
}
