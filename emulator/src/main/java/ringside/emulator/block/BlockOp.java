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
    SECURE_ERASE
}
