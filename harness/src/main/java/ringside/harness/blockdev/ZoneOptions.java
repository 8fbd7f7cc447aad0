package ringside.harness.blockdev;

import java.nio.file.Path;
import java.util.Optional;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;
import ringside.harness.suite.Units;

/** The options of zones on top of a raw or null disk. */
final class ZoneOptions {
    private static final String[] DEPENDENT = {
        "zone-size",
        "zone-capacity",
        "conventional-zones",
        "max-open-zones",
        "max-active-zones",
        "max-append-bytes",
        "zone-state"
    };
    private static final String DEFAULT_ZONE_SIZE = "256M";
    private static final String DEFAULT_MAX_APPEND = "512k";

    private ZoneOptions() {}

    /** The disk with zones where a model is named. */
    static BlockNodeSpec on(NodeOptions options, BlockNodeSpec base) {
        if (options.text("zone-model").isEmpty()) {
            for (String key : DEPENDENT) {
                if (options.text(key).isPresent()) {
                    throw options.error(key + " needs zone-model=host-managed or zone-model=host-aware");
                }
            }
            return base;
        }
        Optional<Path> state = options.text("zone-state").map(Path::of);
        ZoneModel model = options.value("zone-model", "", ZoneModel::of);
        ZoneSpec zones = new ZoneSpec(
                model,
                options.value("zone-size", DEFAULT_ZONE_SIZE, Units::bytes),
                options.value("zone-capacity", "0", Units::bytes),
                options.value("conventional-zones", "0", ZoneOptions::count),
                options.value("max-open-zones", "0", ZoneOptions::count),
                options.value("max-active-zones", "0", ZoneOptions::count),
                options.value("max-append-bytes", DEFAULT_MAX_APPEND, ZoneOptions::smallSize));
        return new BlockNodeSpec.Zoned(base, zones, state);
    }

    static int smallSize(String text) {
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
}
