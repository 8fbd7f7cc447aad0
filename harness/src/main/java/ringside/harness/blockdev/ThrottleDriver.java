package ringside.harness.blockdev;

import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.ThrottleLimits;
import ringside.emulator.block.ThrottleSpec;
import ringside.harness.suite.Units;

/** The options of a throttle node, with the limits of its group beside it (QEMU keeps them in a throttle-group object). */
final class ThrottleDriver {
    private ThrottleDriver() {}

    static BlockNodeSpec read(NodeContext node) {
        NodeOptions options = node.options();
        BlockNodeSpec file = node.child("file");
        String group = options.text("throttle-group").orElse("");
        long iopsSize = options.value("limits.iops-size", "0", Units::bytes);
        try {
            ThrottleLimits limits = new ThrottleLimits(
                    bucket(options, "bps-total"),
                    bucket(options, "bps-read"),
                    bucket(options, "bps-write"),
                    bucket(options, "iops-total"),
                    bucket(options, "iops-read"),
                    bucket(options, "iops-write"),
                    iopsSize);
            return new ThrottleSpec(file, group, limits);
        } catch (IllegalArgumentException e) {
            throw e.getMessage().startsWith("throttle") ? options.error(e.getMessage()) : e;
        }
    }

    private static ThrottleLimits.Bucket bucket(NodeOptions options, String name) {
        String key = "limits." + name;
        long average = options.value(key, "0", Units::bytes);
        long max = options.value(key + "-max", "0", Units::bytes);
        long seconds = options.number(key + "-max-length", 1, Integer.MAX_VALUE);
        try {
            return new ThrottleLimits.Bucket(average, max, (int) seconds);
        } catch (IllegalArgumentException e) {
            throw options.error(key + ": " + e.getMessage());
        }
    }
}
