package ringside.harness.serve;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.machine.ExportSpec;
import ringside.harness.suite.Units;

/**
 * What {@code ringside serve} was asked for.
 *
 * @param export the export
 * @param cpus CPUs for the IOThreads, one each in turn; empty leaves the placement to the kernel
 * @param stats where statistics go
 */
public record ServeOptions(ExportSpec export, List<Integer> cpus, Optional<Path> stats) {
    public ServeOptions {
        cpus = List.copyOf(cpus);
    }

    /** The block node in a few words. */
    String describe(long lengthBytes) {
        return describe(export.node(), Units.formatBytes(lengthBytes));
    }

    private static String describe(BlockNodeSpec node, String size) {
        return switch (node) {
            case BlockNodeSpec.Raw raw ->
                raw.file() + " (" + size + ", raw, cache=" + raw.cache().label() + ", aio="
                        + raw.aio().label() + (raw.readOnly() ? ", read-only" : "") + ")";
            case BlockNodeSpec.Null nul ->
                "null (" + size + (nul.latencyNs() > 0 ? ", latency " + nul.latencyNs() + " ns" : "") + ")";
            case BlockNodeSpec.Zoned zoned ->
                describe(zoned.base(), size) + ", " + zoned.zones().model().label() + " zones of "
                        + Units.formatBytes(zoned.zones().zoneBytes());
            default -> node.driver() + " (" + size + ")";
        };
    }
}
