package ringside.harness.serve;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.UringOptions;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;
import ringside.harness.suite.Units;

/**
 * A block node as the option {@code --blockdev} describes it, in QEMU's syntax and with QEMU's defaults: the page cache
 * is used ({@code cache=writeback}), threads do the I/O, discards are ignored.
 *
 * @param nodeName QEMU's node-name; names the export in messages and counters
 * @param spec how to open it
 */
public record Blockdev(String nodeName, BlockNodeSpec spec) {
    private static final String OPTION = "--blockdev";
    private static final List<String> RAW_KEYS = List.of(
            "driver",
            "node-name",
            "file",
            "cache",
            "aio",
            "aio-fallback",
            "read-only",
            "discard",
            "sqpoll",
            "iopoll",
            "registered-buffers");
    private static final List<String> NULL_KEYS = List.of("driver", "node-name", "size", "latency-ns", "read-zeroes");
    private static final String ZONE_MODEL = "zone-model";
    private static final List<String> ZONE_KEYS = List.of(
            ZONE_MODEL,
            "zone-size",
            "zone-capacity",
            "conventional-zones",
            "max-open-zones",
            "max-active-zones",
            "max-append-bytes",
            "zone-state");
    private static final String DEFAULT_ZONE_SIZE = "256M";
    private static final String DEFAULT_MAX_APPEND = "512k";
    private static final String DEFAULT_NAME = "export0";
    private static final String DEFAULT_NULL_SIZE = "1G";

    /**
     * Reads an option.
     *
     * @throws IllegalArgumentException in one line that names key, value and what is allowed
     */
    public static Blockdev parse(String text) {
        KeyValues values = KeyValues.parse(OPTION, text);
        String driver = values.required("driver", "use driver=raw,file=IMAGE or driver=null,size=SIZE");
        BlockNodeSpec spec = switch (driver) {
            case "raw" -> raw(values);
            case "null", "null-co" -> nul(values);
            default ->
                throw new IllegalArgumentException(OPTION + ": unknown driver '" + driver + "': use raw or null");
        };
        return new Blockdev(values.text("node-name").orElse(DEFAULT_NAME), zoned(values, spec));
    }

    /** Zones on top, where a model is named. */
    private static BlockNodeSpec zoned(KeyValues values, BlockNodeSpec base) {
        if (values.text(ZONE_MODEL).isEmpty()) {
            for (String key : ZONE_KEYS) {
                if (values.text(key).isPresent()) {
                    throw new IllegalArgumentException(
                            OPTION + ": " + key + " needs zone-model=host-managed or zone-model=host-aware");
                }
            }
            return base;
        }
        long zoneBytes = value(values, "zone-size", DEFAULT_ZONE_SIZE, Units::bytes);
        ZoneModel model = value(values, ZONE_MODEL, "", ZoneModel::of);
        ZoneSpec zones = new ZoneSpec(
                model,
                zoneBytes,
                value(values, "zone-capacity", "0", Units::bytes),
                value(values, "conventional-zones", "0", Blockdev::count),
                value(values, "max-open-zones", "0", Blockdev::count),
                value(values, "max-active-zones", "0", Blockdev::count),
                value(values, "max-append-bytes", DEFAULT_MAX_APPEND, Blockdev::smallSize));
        return new BlockNodeSpec.Zoned(base, zones, values.text("zone-state").map(Path::of));
    }

    private static int smallSize(String text) {
        long bytes = Units.bytes(text);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(text + " is too large; use less than 2G");
        }
        return (int) bytes;
    }

    private static int count(String text) {
        if (!text.matches("\\d{1,8}")) {
            throw new IllegalArgumentException("'" + text + "' is not a number of zones");
        }
        return Integer.parseInt(text);
    }

    private static List<String> with(List<String> keys) {
        return Stream.concat(keys.stream(), ZONE_KEYS.stream()).toList();
    }

    private static BlockNodeSpec raw(KeyValues values) {
        values.allow("driver=raw", with(RAW_KEYS));
        UringOptions uring = new UringOptions(
                values.on("sqpoll", false), values.on("iopoll", false), values.on("registered-buffers", false));
        return new BlockNodeSpec.Raw(
                Path.of(values.required("file", "name the image with file=IMAGE")),
                value(values, "cache", CacheMode.WRITEBACK.label(), CacheMode::of),
                value(values, "aio", AioKind.THREADS.label(), AioKind::of),
                values.on("aio-fallback", false),
                values.on("read-only", false),
                value(values, "discard", "ignore", Blockdev::unmap),
                uring);
    }

    private static BlockNodeSpec nul(KeyValues values) {
        values.allow("driver=null", with(NULL_KEYS));
        return value(
                values,
                "size",
                DEFAULT_NULL_SIZE,
                size -> new BlockNodeSpec.Null(
                        Units.bytes(size),
                        value(values, "latency-ns", "0", Units::nanoseconds),
                        values.on("read-zeroes", false)));
    }

    private static boolean unmap(String text) {
        return switch (text) {
            case "unmap", "on" -> true;
            case "ignore", "off" -> false;
            default -> throw new IllegalArgumentException("unknown mode '" + text + "': use unmap or ignore");
        };
    }

    private static <T> T value(KeyValues values, String key, String whenAbsent, Function<String, T> reader) {
        try {
            return reader.apply(values.text(key).orElse(whenAbsent));
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            throw message.startsWith(OPTION)
                    ? e
                    : new IllegalArgumentException(OPTION + ": " + key + ": " + message, e);
        }
    }
}
