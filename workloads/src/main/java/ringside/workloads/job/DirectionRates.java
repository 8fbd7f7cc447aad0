package ringside.workloads.job;

/**
 * A limit per direction (fio: rate=read,write,trim).
 *
 * @param read of reads; 0: none
 * @param write of writes; 0: none
 * @param trim of discards; 0: none
 */
public record DirectionRates(long read, long write, long trim) {
    /** No limit. */
    public static final DirectionRates NONE = new DirectionRates(0, 0, 0);

    /** Whether no direction has a limit. */
    public boolean isNone() {
        return read == 0 && write == 0 && trim == 0;
    }

    /** fio's notation: {@code 1000} for all, {@code 1000,500} for reads and the rest, {@code ,500} leaves reads unlimited. */
    static DirectionRates parse(String option, String value) {
        String[] parts = value.split(",", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException(
                    option + "=" + value + " has more than three rates: use read,write,trim");
        }
        long[] rates = new long[3];
        for (int i = 0; i < rates.length; i++) {
            String part = i < parts.length ? parts[i].strip() : "";
            rates[i] = i < parts.length || i == 0
                    ? part.isEmpty() ? 0 : FioUnits.integer(option, part, 1, Long.MAX_VALUE)
                    : rates[i - 1];
        }
        return new DirectionRates(rates[0], rates[1], rates[2]);
    }

    @Override
    public String toString() {
        return read == write && write == trim ? Long.toString(read) : read + "," + write + "," + trim;
    }
}
