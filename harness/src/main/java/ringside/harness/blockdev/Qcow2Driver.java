package ringside.harness.blockdev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Caches;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.harness.suite.Units;

/** The options of a qcow2 image. */
final class Qcow2Driver {
    /** The format decides what is freed, so its file takes every discard, as in QEMU. */
    private static final Map<String, String> FOR_FILE = Map.of("discard", "unmap");

    private static final Map<String, String> FOR_BACKING = Map.of("read-only", "on", "discard", "ignore");

    private Qcow2Driver() {}

    static BlockNodeSpec read(NodeContext node) {
        NodeOptions options = node.options();
        BlockNodeSpec file = node.childOrFile("file", FOR_FILE);
        Qcow2Backing backing = backing(node);
        Optional<BlockNodeSpec> dataFile =
                options.has("data-file") ? Optional.of(node.childOrFile("data-file", FOR_FILE)) : Optional.empty();
        return new Qcow2Spec(file, backing, dataFile, options(options));
    }

    /** An empty text, as JSON's null, leaves the image without one. */
    private static Qcow2Backing backing(NodeContext node) {
        NodeOptions options = node.options();
        if (!options.hasBelow("backing")) {
            Optional<String> text = options.text("backing");
            if (text.isEmpty()) {
                return new Qcow2Backing.FromImage();
            }
            if (text.get().isEmpty()) {
                return new Qcow2Backing.None();
            }
        }
        return new Qcow2Backing.Node(node.child("backing", FOR_BACKING));
    }

    private static Qcow2Options options(NodeOptions options) {
        Qcow2Options defaults = Qcow2Options.DEFAULT;
        boolean readOnly = options.inheritedOn("read-only", false);
        boolean unmap = options.inheritedValue("discard", "ignore", FileOptions::unmap);
        Optional<Boolean> lazy = options.text("lazy-refcounts").map(_ -> options.on("lazy-refcounts", false));
        return new Qcow2Options(
                readOnly,
                unmap,
                lazy,
                caches(options),
                options.oneOf("overlap-check", defaults.overlapCheck(), Qcow2Options.OverlapCheck.values()),
                options.oneOf("locking", defaults.locking(), Qcow2Options.Locking.values()),
                options.oneOf("continuation", defaults.continuation(), Qcow2Options.Continuation.values()),
                options.text("snapshot"),
                followPaths(options));
    }

    private static Qcow2Caches caches(NodeOptions options) {
        long l2 = options.value("l2-cache-size", "0", Units::bytes);
        int entry = options.value("l2-cache-entry-size", "0", ZoneOptions::smallSize);
        long refcount = options.value("refcount-cache-size", "0", Units::bytes);
        long total = options.value("cache-size", "0", Units::bytes);
        boolean cleans = options.has("cache-clean-interval");
        long interval = options.number("cache-clean-interval", 0, Integer.MAX_VALUE);
        try {
            // QEMU's 0 switches cleaning off, the specification's 0 is the default.
            return new Qcow2Caches(l2, entry, refcount, total, cleans && interval == 0 ? -1 : (int) interval);
        } catch (IllegalArgumentException e) {
            throw options.error(e.getMessage());
        }
    }

    private static List<Path> followPaths(NodeOptions options) {
        List<Path> folders = new ArrayList<>();
        options.text("follow-paths").map(Path::of).ifPresent(folders::add);
        for (int i = 0; options.has("follow-paths." + i); i++) {
            folders.add(Path.of(options.required("follow-paths." + i, "name a folder")));
        }
        return folders;
    }
}
