package ringside.harness.image;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Snapshot;
import ringside.emulator.block.qcow2.format.SnapshotTable;
import ringside.emulator.block.qcow2.tool.BitmapDirectory;
import ringside.harness.HarnessException;
import ringside.harness.suite.Units;

/** Tells what an image is. */
@Command(
        name = "info",
        description = "Tells what an image is, from its header. Neither backing nor data file is opened.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  ringside image info -f qcow2 disk.qcow2", "  ringside image info -f qcow2 --output json disk.qcow2"
        })
final class InfoCommand implements Callable<Integer> {
    private static final String STEP = "    ";

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The image, or a graph in --blockdev's syntax.")
    private String image;

    @Override
    public Integer call() {
        Map<String, Object> fields = fields();
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(OutputOption.text(fields));
        } else {
            human(fields, "", out);
        }
        return 0;
    }

    private Map<String, Object> fields() {
        if (Images.isGraph(image)) {
            return switch (source.readOnly(image)) {
                case Qcow2Spec qcow2 -> qcow2(Path.of(""), qcow2.file());
                case BlockNodeSpec.Raw raw -> Images.with(raw, this::raw);
                default ->
                    throw HarnessException.badInput(
                            "image " + image + ": info tells of raw and qcow2 images: name the one below the filters");
            };
        }
        Path path = Images.existing(image);
        String format = source.format()
                .orElseThrow(() -> HarnessException.badInput(
                        "image " + image + ": name its format with -f raw or -f qcow2; it is never guessed"));
        BlockNodeSpec file = Images.file(path, true, source.cache());
        return switch (format) {
            case "raw" -> Images.with(file, this::raw);
            case "qcow2" -> qcow2(path, file);
            default -> throw HarnessException.badInput("unknown format '" + format + "': use raw or qcow2");
        };
    }

    private Map<String, Object> qcow2(Path path, BlockNodeSpec file) {
        return Images.with(file, node -> qcow2(path, Qcow2Header.read(node.file(), image), node));
    }

    private Map<String, Object> raw(BlockNode node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("virtual-size", node.lengthBytes());
        fields.put("filename", image);
        fields.put("format", "raw");
        fields.put("actual-size", allocated(node));
        fields.put("dirty-flag", false);
        return fields;
    }

    private Map<String, Object> qcow2(Path path, Qcow2Header header, BlockNode node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("virtual-size", header.sizeBytes());
        fields.put("filename", image);
        fields.put("cluster-size", header.geometry().clusterBytes());
        fields.put("format", "qcow2");
        fields.put("actual-size", allocated(node));
        Map<String, Object> specific = new LinkedHashMap<>(); // in an order that is the same each time
        specific.put("type", "qcow2");
        specific.put("data", specific(header, node));
        fields.put("format-specific", specific);
        header.backingFile().ifPresent(backing -> {
            fields.put("backing-filename", backing);
            fields.put("full-backing-filename", path.resolveSibling(backing).toString());
        });
        header.backingFormat().ifPresent(backing -> fields.put("backing-filename-format", backing));
        List<Map<String, Object>> snapshots = new ArrayList<>();
        for (Snapshot snapshot : SnapshotTable.read(node.file(), header, image).snapshots()) {
            snapshots.add(snapshot(snapshot));
        }
        if (!snapshots.isEmpty()) {
            fields.put("snapshots", snapshots);
        }
        fields.put("dirty-flag", header.has(Qcow2Feature.DIRTY));
        return fields;
    }

    private Map<String, Object> specific(Qcow2Header header, BlockNode node) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("compat", header.version() == 2 ? "0.10" : "1.1");
        data.put("compression-type", header.compression().label());
        data.put("refcount-bits", header.geometry().refcountBits());
        if (header.version() == 2) {
            return data;
        }
        data.put("lazy-refcounts", header.has(Qcow2Feature.LAZY_REFCOUNTS));
        data.put("corrupt", header.has(Qcow2Feature.CORRUPT));
        data.put("extended-l2", header.geometry().extendedL2());
        header.dataFile().ifPresent(file -> {
            data.put("data-file", file);
            data.put("data-file-raw", header.has(Qcow2Feature.RAW_DATA_FILE));
        });
        if (header.has(Qcow2Feature.BITMAPS)) {
            BitmapDirectory.read(node.file(), header, image)
                    .ifPresent(directory -> data.put(
                            "bitmaps",
                            directory.bitmaps().stream()
                                    .map(InfoCommand::bitmap)
                                    .toList()));
        }
        return data;
    }

    private static Map<String, Object> bitmap(BitmapDirectory.Bitmap bitmap) {
        List<String> flags = new ArrayList<>();
        if (bitmap.has(BitmapDirectory.IN_USE)) {
            flags.add("in-use");
        }
        if (bitmap.has(BitmapDirectory.AUTO)) {
            flags.add("auto");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("flags", flags);
        fields.put("name", bitmap.name());
        fields.put("granularity", 1L << bitmap.granularityBits());
        return fields;
    }

    private static Map<String, Object> snapshot(Snapshot snapshot) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", snapshot.id());
        fields.put("name", snapshot.name());
        fields.put("vm-state-size", snapshot.vmStateBytes());
        fields.put("date-sec", Integer.toUnsignedLong(snapshot.dateSeconds()));
        fields.put("date-nsec", snapshot.dateNs());
        fields.put("vm-clock-sec", snapshot.vmClockNs() / 1_000_000_000L);
        fields.put("vm-clock-nsec", snapshot.vmClockNs() % 1_000_000_000L);
        if (snapshot.moreExtra().length >= Long.BYTES) { // instructions of a machine that counts them, or -1
            long icount = ByteBuffer.wrap(snapshot.moreExtra()).getLong(0);
            if (icount != -1) {
                fields.put("icount", icount);
            }
        }
        return fields;
    }

    /** What is stored, by what the file system says of data and holes. */
    private static long allocated(BlockNode node) {
        long stored = 0;
        long length = node.file().lengthBytes();
        for (long at = 0; at < length; ) {
            BlockStatus status = node.status(at, length - at);
            stored += status.data() ? status.lengthBytes() : 0;
            at += status.lengthBytes();
        }
        return stored;
    }

    private static void human(Map<?, ?> fields, String indent, PrintWriter out) {
        fields.forEach((name, value) -> human(name.toString(), value, indent, out));
    }

    private static void human(String name, Object value, String indent, PrintWriter out) {
        String label = indent + name.replace('-', ' ') + ":";
        switch (value) {
            case Map<?, ?> map -> {
                out.println(label);
                human(map, indent + STEP, out);
            }
            case List<?> list -> {
                out.println(label);
                for (int i = 0; i < list.size(); i++) {
                    human("[" + i + "]", list.get(i), indent + STEP, out);
                }
            }
            case Long bytes
            when name.endsWith("size") ->
                out.println(label + " " + Units.formatBytes(bytes) + " (" + bytes + " bytes)");
            default -> out.println(label + " " + value);
        }
    }
}
