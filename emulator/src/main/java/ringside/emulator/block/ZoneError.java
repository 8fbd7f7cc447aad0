package ringside.emulator.block;

/** Errors of zoned nodes beside errno: what a {@link BlockCompletion} gets; none is an errno. */
public final class ZoneError {
    /** The command cannot be done on this zone, or in its state. */
    public static final int INVALID_COMMAND = 1 << 16;
    /** A write that is not at the write pointer, or of parts of write granules. */
    public static final int UNALIGNED_WRITE = INVALID_COMMAND + 1;
    /** More zones would be open than may be. */
    public static final int TOO_MANY_OPEN = INVALID_COMMAND + 2;
    /** More zones would be active than may be. */
    public static final int TOO_MANY_ACTIVE = INVALID_COMMAND + 3;

    private ZoneError() {}

    /** Whether an error is one of these. */
    public static boolean is(int error) {
        return error >= INVALID_COMMAND;
    }
}
