package ringside.workloads.job;

import java.util.function.Function;

/**
 * fio's {@code read,write,trim}: one value for all, or two for reads and the rest, or three.
 *
 * @param <T> the value
 */
record PerDirection<T>(T read, T write, T trim) {
    /** Makes something of three. */
    interface Maker<T, R> {
        R make(T read, T write, T trim);
    }

    static <T> PerDirection<T> parse(String option, String value, Function<String, T> one) {
        String[] parts = value.split(",", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException(
                    option + "=" + value + " has more than three values: use read,write,trim");
        }
        T read = one.apply(parts[0].strip());
        T write = parts.length > 1 ? one.apply(parts[1].strip()) : read;
        T trim = parts.length > 2 ? one.apply(parts[2].strip()) : write;
        return new PerDirection<>(read, write, trim);
    }

    <R> R map(Maker<T, R> maker) {
        return maker.make(read, write, trim);
    }
}
