package ringside.emulator.block;

/** The zones of a node, for a device that shows them to its driver. Any thread. Does not allocate. */
public interface ZonedStorage {
    /** Model, sizes and limits. */
    ZoneSpec spec();

    /** Number of zones, the last, perhaps smaller one included. */
    int zones();

    /** What writes to sequential zones must be multiples of, in bytes. */
    int writeGranularityBytes();

    /** Whether a zone must be, or should be, written in order. */
    boolean sequential(int zone);

    /** First byte of a zone. */
    long startBytes(int zone);

    /** Bytes that may be written to a zone when it is empty. */
    long capacityBytes(int zone);

    /** State of a zone. */
    ZoneCondition condition(int zone);

    /** Where a sequential zone is written next, on the disk, in bytes; behind its capacity when it is full. */
    long writePointerBytes(int zone);
}
