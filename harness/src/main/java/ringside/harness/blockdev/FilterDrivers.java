package ringside.harness.blockdev;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.block.BlkverifySpec;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CopyOnReadSpec;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.LogWritesSpec;
import ringside.emulator.block.QuorumSpec;
import ringside.harness.suite.Units;

/** The options of the filters that have few. */
final class FilterDrivers {
    private static final int MAX_CHILDREN = 32;

    private FilterDrivers() {}

    static BlockNodeSpec delay(NodeContext node) {
        NodeOptions options = node.options();
        BlockNodeSpec file = node.child("file");
        String average = options.required("average", "give the mean latency, such as average=100us");
        long averageNs = options.value("average", "", Units::nanoseconds);
        long p99Ns = options.value("p99", average, Units::nanoseconds);
        long seed = options.number("seed", 0, Long.MAX_VALUE);
        try {
            return new DelaySpec(file, averageNs, p99Ns, seed);
        } catch (IllegalArgumentException e) {
            throw options.error(e.getMessage());
        }
    }

    /** QEMU's names: {@code test} is what is checked against {@code raw}. */
    static BlockNodeSpec blkverify(NodeContext node) {
        BlockNodeSpec test = node.child("test");
        return new BlkverifySpec(test, node.child("raw"));
    }

    static BlockNodeSpec logWrites(NodeContext node) {
        NodeOptions options = node.options();
        BlockNodeSpec file = node.child("file");
        BlockNodeSpec log = node.child("log");
        int sectorBytes = options.value("log-sector-size", "512", ZoneOptions::smallSize);
        boolean append = options.on("log-append", false);
        try {
            return new LogWritesSpec(file, log, sectorBytes, append);
        } catch (IllegalArgumentException e) {
            throw options.error(e.getMessage());
        }
    }

    static BlockNodeSpec copyOnRead(NodeContext node) {
        return new CopyOnReadSpec(node.child("file"));
    }

    static BlockNodeSpec quorum(NodeContext node) {
        NodeOptions options = node.options();
        List<BlockNodeSpec> children = new ArrayList<>();
        for (int i = 0; i < MAX_CHILDREN && (i < 2 || options.has("children." + i)); i++) {
            children.add(node.child("children." + i));
        }
        options.required("vote-threshold", "say how many children must agree, such as vote-threshold=2");
        int threshold = (int) options.number("vote-threshold", 0, MAX_CHILDREN);
        boolean rewrite = options.on("rewrite-corrupted", false);
        boolean fifo = options.value("read-pattern", "quorum", FilterDrivers::fifo);
        try {
            return new QuorumSpec(children, threshold, rewrite, fifo);
        } catch (IllegalArgumentException e) {
            throw options.error(e.getMessage());
        }
    }

    private static boolean fifo(String text) {
        return switch (text) {
            case "quorum" -> false;
            case "fifo" -> true;
            default -> throw new IllegalArgumentException("unknown pattern '" + text + "': use quorum or fifo");
        };
    }
}
