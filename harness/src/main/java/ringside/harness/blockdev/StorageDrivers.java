package ringside.harness.blockdev;

import java.util.List;
import java.util.Map;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkverifySpec;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CopyOnReadSpec;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.LogWritesSpec;
import ringside.emulator.block.NbdSpec;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.QuorumSpec;
import ringside.emulator.block.ThrottleSpec;
import ringside.harness.suite.Units;

/** The nodes that store: raw, file, null. */
final class StorageDrivers {
    private static final String DEFAULT_NULL_SIZE = "1G";

    private StorageDrivers() {}

    /** The bytes of the node below as they are, in a size that stays. */
    static BlockNodeSpec raw(NodeContext node) {
        return ZoneOptions.on(node.options(), fixedSize(node.childOrFile("file", Map.of())));
    }

    /** The same nodes with the file at the end as a raw image, which does not grow. */
    private static BlockNodeSpec fixedSize(BlockNodeSpec spec) {
        return switch (spec) {
            case FileSpec s -> s.raw();
            case BlkdebugSpec s ->
                new BlkdebugSpec(fixedSize(s.file()), s.injections(), s.transitions(), s.alignBytes());
            case BlkverifySpec s -> new BlkverifySpec(fixedSize(s.file()), fixedSize(s.raw()));
            case CopyOnReadSpec s -> new CopyOnReadSpec(fixedSize(s.file()));
            case DelaySpec s -> new DelaySpec(fixedSize(s.file()), s.averageNs(), s.p99Ns(), s.seed());
            case LogWritesSpec s -> new LogWritesSpec(fixedSize(s.file()), s.log(), s.logSectorBytes(), s.append());
            case QuorumSpec s ->
                new QuorumSpec(fixedSizes(s.children()), s.voteThreshold(), s.rewriteCorrupted(), s.readFifo());
            case ThrottleSpec s -> new ThrottleSpec(fixedSize(s.file()), s.group(), s.limits());
            case BlockNodeSpec.Null s -> s;
            case BlockNodeSpec.Raw s -> s;
            case BlockNodeSpec.Zoned s -> s;
            case NbdSpec s -> s;
            case Qcow2Spec s -> s;
        };
    }

    private static List<BlockNodeSpec> fixedSizes(List<BlockNodeSpec> specs) {
        return specs.stream().map(StorageDrivers::fixedSize).toList();
    }

    static BlockNodeSpec file(NodeContext node) {
        return FileOptions.file(
                node.options(), node.options().required("filename", "name the file with filename=PATH"));
    }

    static BlockNodeSpec nul(NodeContext node) {
        NodeOptions options = node.options();
        String size = options.text("size").orElse(DEFAULT_NULL_SIZE);
        long latencyNs = options.value("latency-ns", "0", Units::nanoseconds);
        boolean zeroes = options.on("read-zeroes", false);
        return ZoneOptions.on(
                options,
                options.value("size", size, text -> new BlockNodeSpec.Null(Units.bytes(text), latencyNs, zeroes)));
    }
}
