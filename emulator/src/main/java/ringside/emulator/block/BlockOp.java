package ringside.emulator.block;

/** What a {@link BlockRequest} asks for. */
public enum BlockOp {
    /** Read into the segments. */
    READ,
    /** Write from the segments. */
    WRITE,
    /** Make all completed writes stable. */
    FLUSH,
    /** The range's content is no longer needed. */
    DISCARD,
    /** The range shall read as zeroes. */
    WRITE_ZEROES,
    /** The range's content shall not be found on the storage any more. */
    SECURE_ERASE,
    /** Zoned nodes only: write at the write pointer of the zone that begins at the offset. */
    ZONE_APPEND,
    /** Zoned nodes only: open the zone until it is closed. */
    ZONE_OPEN,
    /** Zoned nodes only: close the zone. */
    ZONE_CLOSE,
    /** Zoned nodes only: make the zone full. */
    ZONE_FINISH,
    /** Zoned nodes only: make the zone empty. */
    ZONE_RESET,
    /** Zoned nodes only: make all zones empty. */
    ZONE_RESET_ALL
}
