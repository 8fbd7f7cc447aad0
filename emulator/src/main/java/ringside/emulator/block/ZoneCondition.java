package ringside.emulator.block;

/** State of a zone; the order and the numbers are those of a zone's record on disk, so they never change. */
public enum ZoneCondition {
    /** Conventional: no write pointer. */
    NOT_WP,
    /** Nothing is written. */
    EMPTY,
    /** Opened by a write. */
    IMPLICIT_OPEN,
    /** Opened by a command. */
    EXPLICIT_OPEN,
    /** Partly written and not open. */
    CLOSED,
    /** Takes no more writes. */
    FULL,
    /** Broken: can only be read. */
    READ_ONLY,
    /** Broken: cannot be used. */
    OFFLINE;

    private static final ZoneCondition[] VALUES = values();

    static ZoneCondition of(int ordinal) {
        return VALUES[ordinal];
    }

    /** Whether the zone counts against the open limit. */
    public boolean open() {
        return this == IMPLICIT_OPEN || this == EXPLICIT_OPEN;
    }

    /** Whether the zone counts against the active limit. */
    public boolean active() {
        return open() || this == CLOSED;
    }
}
