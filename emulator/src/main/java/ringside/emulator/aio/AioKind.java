package ringside.emulator.aio;

/** The engines a raw node can use (QEMU's aio= option). */
public enum AioKind {
    /** A pool of worker threads that issue preadv and pwritev. */
    THREADS("threads"),
    /** Linux AIO by io_submit; needs a cache mode with O_DIRECT. */
    NATIVE("native"),
    /** io_uring by raw system calls. */
    IO_URING("io_uring"),
    /** Copies between buffers and a mapping of the image: for images that the page cache holds. */
    MMAP("mmap");

    private final String label;

    AioKind(String label) {
        this.label = label;
    }

    /** The name used in options and results. */
    public String label() {
        return label;
    }

    /** Whether this engine works on files opened with O_DIRECT ({@code true}) or without. */
    public boolean serves(boolean direct) {
        return switch (this) {
            case NATIVE -> direct;
            case MMAP -> !direct;
            case THREADS, IO_URING -> true;
        };
    }

    /**
     * The engine with this name.
     *
     * @throws IllegalArgumentException naming the known engines
     */
    public static AioKind of(String label) {
        for (AioKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown aio engine '" + label + "': use threads, native, io_uring or mmap");
    }
}
