package ringside.emulator.block.qcow2.format;

/** How compressed clusters are compressed; the ordinal is the number in the header. */
public enum CompressionType {
    /** Raw deflate, window of 4 KiB. */
    ZLIB("zlib"),
    /** Zstandard frames. */
    ZSTD("zstd");

    private final String label;

    CompressionType(String label) {
        this.label = label;
    }

    /** The name in options and in the output of tools. */
    public String label() {
        return label;
    }
}
