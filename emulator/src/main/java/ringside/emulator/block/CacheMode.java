package ringside.emulator.block;

/** QEMU's five cache modes and the three switches each stands for (QEMU: cache.writeback, .direct, .no-flush). */
public enum CacheMode {
    /** Write cache on, through the host page cache. */
    WRITEBACK("writeback", true, false, false),
    /** Write cache on, O_DIRECT. */
    NONE("none", true, true, false),
    /** Every write is made stable before it completes. */
    WRITETHROUGH("writethrough", false, false, false),
    /** O_DIRECT and every write made stable. */
    DIRECTSYNC("directsync", false, true, false),
    /** Write cache on and flushes ignored. */
    UNSAFE("unsafe", true, false, true);

    private final String label;
    private final boolean writeback;
    private final boolean direct;
    private final boolean noFlush;

    CacheMode(String label, boolean writeback, boolean direct, boolean noFlush) {
        this.label = label;
        this.writeback = writeback;
        this.direct = direct;
        this.noFlush = noFlush;
    }

    /** The name used in options and results. */
    public String label() {
        return label;
    }

    /** Whether completed writes may still be volatile. */
    public boolean writeback() {
        return writeback;
    }

    /** Whether the host page cache is bypassed. */
    public boolean direct() {
        return direct;
    }

    /** Whether flushes are ignored. */
    public boolean noFlush() {
        return noFlush;
    }

    /**
     * The mode with this name.
     *
     * @throws IllegalArgumentException naming the known modes
     */
    public static CacheMode of(String label) {
        for (CacheMode mode : values()) {
            if (mode.label.equals(label)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "unknown cache mode '" + label + "': use writeback, none, writethrough, directsync or unsafe");
    }
}
