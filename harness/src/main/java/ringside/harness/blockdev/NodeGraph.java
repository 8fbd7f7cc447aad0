package ringside.harness.blockdev;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import ringside.emulator.block.BlockNodeSpec;

/** The nodes of one command line: reads each, finds those that are referred to by name. */
final class NodeGraph {
    private static final String NODE_NAME = "node-name";
    private static final Map<String, Function<NodeContext, BlockNodeSpec>> DRIVERS = new LinkedHashMap<>();

    static {
        DRIVERS.put("raw", StorageDrivers::raw);
        DRIVERS.put("file", StorageDrivers::file);
        DRIVERS.put("null", StorageDrivers::nul);
        DRIVERS.put("nbd", NbdDriver::read);
        DRIVERS.put("qcow2", Qcow2Driver::read);
        DRIVERS.put("throttle", ThrottleDriver::read);
        DRIVERS.put("delay", FilterDrivers::delay);
        DRIVERS.put("blkdebug", BlkdebugDriver::read);
        DRIVERS.put("blkverify", FilterDrivers::blkverify);
        DRIVERS.put("log-writes", FilterDrivers::logWrites);
        DRIVERS.put("copy-on-read", FilterDrivers::copyOnRead);
        DRIVERS.put("quorum", FilterDrivers::quorum);
    }

    /** Other names of QEMU for the same. */
    private static final Map<String, String> ALIASES =
            Map.of("null-co", "null", "null-aio", "null", "host_device", "file", "blklogwrites", "log-writes");

    private final Map<String, BlockNodeSpec> named = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    /** A node for others to refer to. */
    void define(String text) {
        NodeOptions options = new NodeOptions(new OptionSet(OptionText.parse(text)));
        if (!options.has(NODE_NAME)) {
            throw new IllegalArgumentException(
                    "only the last one is the disk: give the others a node-name and refer to it");
        }
        readAll(options);
    }

    /** The node that is the disk. */
    Blockdev disk(String text, String defaultName) {
        NodeOptions options = new NodeOptions(new OptionSet(OptionText.parse(text)));
        BlockNodeSpec spec = readAll(options);
        String name = options.text(NODE_NAME).orElse(defaultName);
        for (String other : named.keySet()) {
            if (!other.equals(name) && !used.contains(other)) {
                throw new IllegalArgumentException(
                        "node '" + other + "' is not used: refer to it, for instance with file=" + other);
            }
        }
        return new Blockdev(name, spec);
    }

    private BlockNodeSpec readAll(NodeOptions options) {
        BlockNodeSpec spec = read(options);
        options.refuseRest();
        return spec;
    }

    /** Reads a node and all below it. */
    BlockNodeSpec read(NodeOptions options) {
        String driver =
                options.readDriver("use driver=raw,file=IMAGE, driver=qcow2,file=IMAGE or driver=null,size=SIZE");
        Optional<String> name = options.text(NODE_NAME);
        Function<NodeContext, BlockNodeSpec> reader = DRIVERS.get(ALIASES.getOrDefault(driver, driver));
        if (reader == null) {
            throw options.error("unknown driver '" + driver + "': use " + String.join(", ", DRIVERS.keySet()));
        }
        BlockNodeSpec spec = reader.apply(new NodeContext(this, options));
        name.ifPresent(text -> register(options, text, spec));
        return spec;
    }

    private void register(NodeOptions options, String name, BlockNodeSpec spec) {
        if (named.put(name, spec) != null) {
            throw options.error("node-name=" + name + " is given twice");
        }
        if (!options.prefix().isEmpty()) {
            used.add(name); // by the node that it is described in
        }
    }

    /** The node with this name, if there is one that nobody uses yet. */
    Optional<BlockNodeSpec> refer(String name) {
        BlockNodeSpec spec = named.get(name);
        if (spec != null && !used.add(name)) {
            throw new IllegalArgumentException(
                    "node '" + name + "' is used twice: a node has one parent; describe it once more");
        }
        return Optional.ofNullable(spec);
    }
}
