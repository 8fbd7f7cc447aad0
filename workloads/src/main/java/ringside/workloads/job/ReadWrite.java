package ringside.workloads.job;

/** Direction and order of a job's I/O (fio: rw, readwrite). */
public enum ReadWrite {
    READ("read", false, true, false, false),
    WRITE("write", false, false, true, false),
    TRIM("trim", false, false, false, true),
    RANDREAD("randread", true, true, false, false),
    RANDWRITE("randwrite", true, false, true, false),
    RANDTRIM("randtrim", true, false, false, true),
    RW("rw", false, true, true, false),
    RANDRW("randrw", true, true, true, false),
    /** Each block is discarded and then written. */
    TRIMWRITE("trimwrite", false, false, true, true),
    RANDTRIMWRITE("randtrimwrite", true, false, true, true);

    private final String label;
    private final boolean random;
    private final boolean reads;
    private final boolean writes;
    private final boolean trims;

    ReadWrite(String label, boolean random, boolean reads, boolean writes, boolean trims) {
        this.label = label;
        this.random = random;
        this.reads = reads;
        this.writes = writes;
        this.trims = trims;
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

    /** Whether some requests discard. */
    public boolean trims() {
        return trims;
    }

    /** Whether the disk's contents change. */
    public boolean modifies() {
        return writes || trims;
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
                + " is not supported: use read, write, randread, randwrite, rw, randrw, trim, randtrim,"
                + " trimwrite or randtrimwrite");
    }
}
