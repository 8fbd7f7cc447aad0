package ringside.workloads.job;

/** How the blocks of a job are checked (fio: verify); the numbers are those of fio's headers. */
public enum VerifyMethod {
    /** Not at all. */
    NONE("none", 0, 0),
    /** By the header alone. */
    META("meta", 1, 0),
    MD5("md5", 2, 16),
    CRC64("crc64", 3, 8),
    CRC32("crc32", 4, 4),
    CRC32C("crc32c", 5, 4),
    CRC16("crc16", 7, 2),
    CRC7("crc7", 8, 1),
    SHA256("sha256", 9, 32),
    SHA512("sha512", 10, 64),
    SHA3_224("sha3-224", 11, 28),
    SHA3_256("sha3-256", 12, 32),
    SHA3_384("sha3-384", 13, 48),
    SHA3_512("sha3-512", 14, 64),
    XXHASH("xxhash", 15, 4),
    SHA1("sha1", 16, 20),
    /** By comparison with a pattern, without a header. */
    PATTERN("pattern", 18, 0),
    /** Nothing is checked, for tests of the checking itself. */
    NULL("null", 19, 0);

    /** Length of fio's header, which the sum follows. */
    public static final int HEADER_BYTES = 40;

    private final String label;
    private final int number;
    private final int sumBytes;

    VerifyMethod(String label, int number, int sumBytes) {
        this.label = label;
        this.number = number;
        this.sumBytes = sumBytes;
    }

    /** The value as written in a job file. */
    public String label() {
        return label;
    }

    /** fio's number for it. */
    public int number() {
        return number;
    }

    /** Length of the sum behind the header. */
    public int sumBytes() {
        return sumBytes;
    }

    /** Whether blocks carry a header. */
    public boolean hasHeader() {
        return this != NONE && this != PATTERN && this != NULL;
    }

    static VerifyMethod of(String name) {
        String canonical =
                name.equals("0") ? "none" : name.equals("crc32c-intel") || name.equals("1") ? "crc32c" : name;
        for (VerifyMethod method : values()) {
            if (method.label.equals(canonical)) {
                return method;
            }
        }
        throw new IllegalArgumentException("verify=" + name
                + ": use crc32c, crc32, crc16, crc64, crc7, xxhash, md5, sha1, sha256, sha512, sha3-224, sha3-256, sha3-384,"
                + " sha3-512, meta, pattern or null");
    }
}
