package ringside.emulator.device.blk;

/**
 * Numbers of virtio-blk (VIRTIO-1.2 §5.2; those of zoned devices VIRTIO-1.4 §5.2), spelled as in the specification. Shared
 * with the guest driver.
 */
public final class BlkConstants {
    public static final int VIRTIO_ID_BLOCK = 2;

    public static final long VIRTIO_BLK_F_SIZE_MAX = 1L << 1;
    public static final long VIRTIO_BLK_F_SEG_MAX = 1L << 2;
    public static final long VIRTIO_BLK_F_RO = 1L << 5;
    public static final long VIRTIO_BLK_F_BLK_SIZE = 1L << 6;
    public static final long VIRTIO_BLK_F_FLUSH = 1L << 9;
    public static final long VIRTIO_BLK_F_TOPOLOGY = 1L << 10;
    public static final long VIRTIO_BLK_F_CONFIG_WCE = 1L << 11;
    public static final long VIRTIO_BLK_F_MQ = 1L << 12;
    public static final long VIRTIO_BLK_F_DISCARD = 1L << 13;
    public static final long VIRTIO_BLK_F_WRITE_ZEROES = 1L << 14;
    public static final long VIRTIO_BLK_F_LIFETIME = 1L << 15;
    public static final long VIRTIO_BLK_F_SECURE_ERASE = 1L << 16;
    public static final long VIRTIO_BLK_F_ZONED = 1L << 17;

    public static final int VIRTIO_BLK_T_IN = 0;
    public static final int VIRTIO_BLK_T_OUT = 1;
    public static final int VIRTIO_BLK_T_FLUSH = 4;
    public static final int VIRTIO_BLK_T_GET_ID = 8;
    public static final int VIRTIO_BLK_T_GET_LIFETIME = 10;
    public static final int VIRTIO_BLK_T_DISCARD = 11;
    public static final int VIRTIO_BLK_T_WRITE_ZEROES = 13;
    public static final int VIRTIO_BLK_T_SECURE_ERASE = 14;
    public static final int VIRTIO_BLK_T_ZONE_APPEND = 15;
    public static final int VIRTIO_BLK_T_ZONE_REPORT = 16;
    public static final int VIRTIO_BLK_T_ZONE_OPEN = 18;
    public static final int VIRTIO_BLK_T_ZONE_CLOSE = 20;
    public static final int VIRTIO_BLK_T_ZONE_FINISH = 22;
    public static final int VIRTIO_BLK_T_ZONE_RESET = 24;
    public static final int VIRTIO_BLK_T_ZONE_RESET_ALL = 26;

    public static final int VIRTIO_BLK_S_OK = 0;
    public static final int VIRTIO_BLK_S_IOERR = 1;
    public static final int VIRTIO_BLK_S_UNSUPP = 2;
    public static final int VIRTIO_BLK_S_ZONE_INVALID_CMD = 3;
    public static final int VIRTIO_BLK_S_ZONE_UNALIGNED_WP = 4;
    public static final int VIRTIO_BLK_S_ZONE_OPEN_RESOURCE = 5;
    public static final int VIRTIO_BLK_S_ZONE_ACTIVE_RESOURCE = 6;

    /** Flag of a write-zeroes segment: the range may be deallocated. */
    public static final int VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP = 1;

    /** type le32, reserved le32, sector le64. */
    public static final int HEADER_BYTES = 16;
    /** sector le64, num_sectors le32, flags le32. */
    public static final int RANGE_BYTES = 16;
    /** pre_eol_info, device_lifetime_est_typ_a, device_lifetime_est_typ_b: le16 each. */
    public static final int LIFETIME_BYTES = 6;
    /** Head of a zone report: nr_zones le64, 56 reserved bytes. */
    public static final int ZONE_REPORT_HEADER_BYTES = 64;
    /** z_cap, z_start, z_wp: le64 each; z_type and z_state: one byte each; 38 reserved bytes. */
    public static final int ZONE_DESCRIPTOR_BYTES = 64;
    /** append_sector le64, in front of the status of ZONE_APPEND. */
    public static final int APPEND_SECTOR_BYTES = 8;
    /** Length of the string that GET_ID returns; NUL-padded, without NUL when full. */
    public static final int VIRTIO_BLK_ID_BYTES = 20;
    /** The unit of all sector numbers, whatever the block size. */
    public static final int SECTOR_BYTES = 512;
    /** log2 of {@link #SECTOR_BYTES}. */
    public static final int SECTOR_SHIFT = 9;

    public static final int CONFIG_CAPACITY = 0;
    public static final int CONFIG_SIZE_MAX = 8;
    public static final int CONFIG_SEG_MAX = 12;
    public static final int CONFIG_BLK_SIZE = 20;
    public static final int CONFIG_PHYSICAL_BLOCK_EXP = 24;
    public static final int CONFIG_ALIGNMENT_OFFSET = 25;
    public static final int CONFIG_MIN_IO_SIZE = 26;
    public static final int CONFIG_OPT_IO_SIZE = 28;
    public static final int CONFIG_WRITEBACK = 32;
    public static final int CONFIG_UNUSED0 = 33;
    public static final int CONFIG_NUM_QUEUES = 34;
    public static final int CONFIG_MAX_DISCARD_SECTORS = 36;
    public static final int CONFIG_MAX_DISCARD_SEG = 40;
    public static final int CONFIG_DISCARD_SECTOR_ALIGNMENT = 44;
    public static final int CONFIG_MAX_WRITE_ZEROES_SECTORS = 48;
    public static final int CONFIG_MAX_WRITE_ZEROES_SEG = 52;
    public static final int CONFIG_WRITE_ZEROES_MAY_UNMAP = 56;
    public static final int CONFIG_UNUSED1 = 57;
    public static final int CONFIG_MAX_SECURE_ERASE_SECTORS = 60;
    public static final int CONFIG_MAX_SECURE_ERASE_SEG = 64;
    public static final int CONFIG_SECURE_ERASE_SECTOR_ALIGNMENT = 68;
    public static final int CONFIG_ZONE_SECTORS = 72;
    public static final int CONFIG_MAX_OPEN_ZONES = 76;
    public static final int CONFIG_MAX_ACTIVE_ZONES = 80;
    public static final int CONFIG_MAX_APPEND_SECTORS = 84;
    public static final int CONFIG_WRITE_GRANULARITY = 88;
    public static final int CONFIG_ZONED_MODEL = 92;
    public static final int CONFIG_UNUSED2 = 93;
    /** Size of the structure up to and including its last field of VIRTIO 1.1, which every peer knows. */
    public static final int CONFIG_BYTES_1_1 = 60;
    /** The same for VIRTIO 1.2, which added SECURE_ERASE. */
    public static final int CONFIG_BYTES_1_2 = 72;
    /** Size of the whole structure, with the zoned characteristics. */
    public static final int CONFIG_BYTES = 96;

    private BlkConstants() {}
}
