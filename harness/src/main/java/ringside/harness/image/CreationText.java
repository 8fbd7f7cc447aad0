package ringside.harness.image;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.CreateOptions.Preallocation;
import ringside.harness.HarnessException;
import ringside.harness.suite.Units;

/** Reads {@code -o cluster_size=4k,...} as qemu-img does. */
final class CreationText {
    private static final List<String> KNOWN = List.of(
            "size",
            "compat",
            "cluster_size",
            "refcount_bits",
            "lazy_refcounts",
            "extended_l2",
            "preallocation",
            "compression_type",
            "backing_file",
            "backing_fmt",
            "data_file",
            "data_file_raw");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** @param texts the values of all -o options */
    CreationText(List<String> texts) {
        for (String text : texts) {
            for (String pair : text.split("(?<!,),(?!,)")) {
                put(pair.replace(",,", ","));
            }
        }
    }

    private void put(String pair) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        if (equals < 0 || !KNOWN.contains(key)) {
            throw HarnessException.badInput(
                    "-o: '" + pair + "' is not an option of qcow2: use " + String.join("=, ", KNOWN) + "=");
        }
        values.put(key, pair.substring(equals + 1));
    }

    /** A raw image has no options: what was asked for is not left out in silence. */
    void requireSizeOnly() {
        values.keySet().stream().filter(key -> !key.equals("size")).findFirst().ifPresent(key -> {
            throw HarnessException.badInput(
                    "-o: '" + key + "' is not an option of raw images: leave it out, or make a qcow2 image");
        });
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    void set(String key, String value) {
        values.put(key, value);
    }

    CreateOptions options(long sizeBytes) {
        return Images.guarded(
                "-o",
                () -> new CreateOptions(
                        sizeBytes,
                        version(),
                        Math.clamp(bytes("cluster_size", "64k"), 0, Integer.MAX_VALUE),
                        Math.clamp(bytes("refcount_bits", "16"), 0, Integer.MAX_VALUE),
                        on("lazy_refcounts"),
                        on("extended_l2"),
                        word("preallocation", "off", Preallocation.class),
                        word("compression_type", "zlib", CompressionType.class),
                        text("backing_file"),
                        text("backing_fmt"),
                        text("data_file"),
                        on("data_file_raw")));
    }

    private int version() {
        return switch (text("compat").orElse("1.1")) {
            case "0.10", "v2" -> 2;
            case "1.1", "v3" -> 3;
            default -> throw new IllegalArgumentException("-o: compat is 0.10 or 1.1");
        };
    }

    private long bytes(String key, String otherwise) {
        return Units.bytes(text(key).orElse(otherwise));
    }

    private boolean on(String key) {
        return switch (text(key).orElse("off")) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> throw new IllegalArgumentException("-o: " + key + " is on or off");
        };
    }

    private <E extends Enum<E>> E word(String key, String otherwise, Class<E> kind) {
        String text = text(key).orElse(otherwise);
        for (E value : kind.getEnumConstants()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                ("-o: " + key + " '" + text + "' is unknown: use one of " + List.of(kind.getEnumConstants()))
                        .toLowerCase(Locale.ROOT));
    }
}
