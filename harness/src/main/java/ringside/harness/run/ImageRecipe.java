package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;

/**
 * What a scratch image is: cells with equal recipes share one, unless their jobs are to find it empty.
 *
 * @param format {@code raw} or {@code qcow2}
 * @param bytes size of the disk
 * @param filled whether all of it is written, with data that no storage can shrink
 * @param options of a qcow2 image, by their names in suites; empty for a raw one
 */
record ImageRecipe(String format, long bytes, boolean filled, Map<String, String> options) {
    private static final List<Option> QCOW2 = List.of(
            Option.COMPAT,
            Option.CLUSTER_SIZE,
            Option.REFCOUNT_BITS,
            Option.LAZY_REFCOUNTS,
            Option.EXTENDED_L2,
            Option.PREALLOCATION,
            Option.COMPRESSION,
            Option.DATA_FILE,
            Option.BACKING_DEPTH,
            Option.BACKING_FORMAT);

    ImageRecipe {
        options = Map.copyOf(options);
    }

    /** A raw image full of data. */
    static ImageRecipe raw(long bytes) {
        return new ImageRecipe("raw", bytes, true, Map.of());
    }

    /**
     * The recipe of a cell.
     *
     * @param bytes size where the cell does not say another
     */
    static ImageRecipe of(Map<String, String> options, long bytes) {
        boolean qcow2 = value(options, Option.DRIVER).equals("qcow2")
                && !value(options, Option.TARGET).equals("fio");
        String size = value(options, Option.IMAGE_SIZE);
        Map<String, String> format = new LinkedHashMap<>();
        if (qcow2) {
            QCOW2.forEach(option -> format.put(option.label(), value(options, option)));
        }
        return new ImageRecipe(
                qcow2 ? "qcow2" : "raw",
                size.equals("auto") ? bytes : Units.bytes(size),
                value(options, Option.IMAGE_FILL).equals("data"),
                format);
    }

    /** Options of cells that say how their image is made. */
    static List<Option> formatOptions() {
        return QCOW2;
    }

    /** Everything that says how an image is made. */
    static List<Option> allOptions() {
        return Stream.concat(Stream.of(Option.IMAGE_SIZE, Option.IMAGE_FILL), QCOW2.stream())
                .toList();
    }

    boolean qcow2() {
        return format.equals("qcow2");
    }

    String option(Option option) {
        return options.getOrDefault(option.label(), option.defaultValue());
    }

    boolean on(Option option) {
        return option(option).equals("on");
    }

    int number(Option option) {
        return Integer.parseInt(option(option));
    }

    /**
     * How a qcow2 image of this recipe is made, without backing and data file.
     *
     * @param bottom whether it is the lowest of its chain; only that one is preallocated
     */
    CreateOptions createOptions(boolean bottom) {
        String preallocation = bottom ? option(Option.PREALLOCATION) : "off";
        String compression = option(Option.COMPRESSION);
        return new CreateOptions(
                bytes,
                option(Option.COMPAT).equals("0.10") ? 2 : 3,
                Math.toIntExact(Units.bytes(option(Option.CLUSTER_SIZE))),
                number(Option.REFCOUNT_BITS),
                on(Option.LAZY_REFCOUNTS),
                on(Option.EXTENDED_L2),
                CreateOptions.Preallocation.valueOf(preallocation.toUpperCase(Locale.ROOT)),
                compression.equals("zstd") ? CompressionType.ZSTD : CompressionType.ZLIB,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** For people: {@code 1 GiB qcow2, empty}. */
    String describe() {
        return Units.formatBytes(bytes) + " " + format + (filled ? "" : ", empty");
    }

    /** Bytes that the images of this recipe take at most when they are made. */
    long storedBytes() {
        return filled || option(Option.PREALLOCATION).matches("falloc|full") ? bytes : 0;
    }

    private static String value(Map<String, String> options, Option option) {
        return options.getOrDefault(option.label(), option.defaultValue());
    }
}
