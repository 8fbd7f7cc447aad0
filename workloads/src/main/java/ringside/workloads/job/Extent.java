package ringside.workloads.job;

/**
 * A length or position: bytes, or per cent of something known later (the disk).
 *
 * @param value bytes, or whole per cent in 0..100
 * @param percent whether {@code value} is per cent
 */
public record Extent(long value, boolean percent) {
    /** Nothing given: the size is the rest of the disk, the offset is 0. */
    public static final Extent UNSET = new Extent(0, false);

    public Extent {
        if (value < 0 || (percent && value > 100)) {
            throw new IllegalArgumentException(value + (percent ? "% must be 0..100" : " must not be negative"));
        }
    }

    /** So many bytes. */
    public static Extent bytes(long bytes) {
        return new Extent(bytes, false);
    }

    /** So many per cent. */
    public static Extent percent(int percent) {
        return new Extent(percent, true);
    }

    /** Whether this is zero, fio's "not given". */
    public boolean isUnset() {
        return value == 0;
    }

    /** The bytes, where 100 % is {@code wholeBytes}. */
    public long resolveBytes(long wholeBytes) {
        return percent ? wholeBytes / 100 * value + wholeBytes % 100 * value / 100 : value;
    }

    /** As written in a job file. */
    @Override
    public String toString() {
        return percent ? value + "%" : Long.toString(value);
    }

    static Extent parse(String option, String text) {
        if (!text.endsWith("%")) {
            return bytes(FioUnits.bytes(option, text));
        }
        return percent((int) FioUnits.integer(option, text.substring(0, text.length() - 1), 0, 100));
    }
}
