package ringside.workloads.job;

/** Direction and order of a job's I/O (fio: rw, readwrite). */
public enum ReadWrite {
    READ("read", false, true, false),
    WRITE("write", false, false, true),
    TRIM("trim", false, false, false),
    RANDREAD("randread", true, true, false),
    RANDWRITE("randwrite", true, false, true),
    RANDTRIM("randtrim", true, false, false),
    RW("rw", false, true, true),
    RANDRW("randrw", true, true, true);

    private final String label;
    private final boolean random;
    private final boolean reads;
    private final boolean writes;

    ReadWrite(String label, boolean random, boolean reads, boolean writes) {
        this.label = label;
        this.random = random;
        this.reads = reads;
        this.writes = writes;
    }

    /** The value as written in a job file. */
    public String label() {
        return label;
    }

    /** Whether offsets are random. */
    public boolean isRandom() {
        return random;
    }

    /** Whether some requests read. */
    public boolean reads() {
        return reads;
    }

    /** Whether some requests write data. */
    public boolean writes() {
        return writes;
    }

    /** Whether all requests discard. */
    public boolean trims() {
        return !reads && !writes;
    }

    /** Whether the disk's contents change. */
    public boolean modifies() {
        return writes || trims();
    }

    /**
     * The value with this label; {@code readwrite} is {@code rw}.
     *
     * @throws IllegalArgumentException naming the known labels
     */
    public static ReadWrite of(String label) {
        String wanted = label.equals("readwrite") ? "rw" : label;
        for (ReadWrite value : values()) {
            if (value.label.equals(wanted)) {
                return value;
            }
        }
        throw new IllegalArgumentException("rw=" + label
                + " is not supported: use read, write, randread, randwrite, rw," + " randrw, trim or randtrim");
    }
}
