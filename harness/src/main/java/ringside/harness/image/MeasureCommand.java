package ringside.harness.image;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.tool.BitmapDirectory;
import ringside.emulator.block.qcow2.tool.BitmapDirectory.Bitmap;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.harness.HarnessException;
import ringside.harness.suite.Units;

/** Tells how large an image will be. */
@Command(
        name = "measure",
        description = "Tells how large a file a conversion needs, without making one.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image measure -O qcow2 --size 20G",
            "  ringside image measure -O qcow2 -o cluster_size=4k -f raw disk.raw"
        })
final class MeasureCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Mixin
    private OutputOption output;

    @Option(names = "-O", required = true, paramLabel = "FORMAT", description = "Format of the target: raw or qcow2.")
    private String targetFormat;

    @Option(names = "-o", paramLabel = "OPTIONS", description = "Options of a qcow2 target, as of create -o.")
    private List<String> options = new ArrayList<>();

    @Option(names = "--size", paramLabel = "SIZE", description = "Size of a disk that is new, instead of an image.")
    private String size;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The image that would be converted.")
    private String image;

    /** Bytes of the disk, and of those what must be stored in whole units. */
    private record Need(long diskBytes, long dataBytes) {}

    /** What the bitmaps of the source need beside that; empty where a format has none. */
    private OptionalLong bitmaps = OptionalLong.empty();

    @Override
    public Integer call() {
        if ((size == null) == (image == null)) {
            throw HarnessException.badInput("give either an image or --size");
        }
        boolean qcow2 = "qcow2".equals(targetFormat);
        if (!qcow2 && !"raw".equals(targetFormat)) {
            throw HarnessException.badInput("unknown format '" + targetFormat + "': use raw or qcow2");
        }
        CreateOptions made = new CreationText(options).options(0);
        int unit = qcow2 ? made.clusterBytes() : 512;
        Need need = image == null
                ? new Need(Images.guarded("--size", () -> Units.bytes(size)), 0)
                : Images.with(source.readOnly(image), node -> need(node, unit));
        if (image != null && qcow2 && made.version() > 2 && source.format().equals(Optional.of("qcow2"))) {
            bitmaps = Images.with(
                    Images.file(Images.existing(image), true, source.cache()), node -> bitmaps(node, made, need));
        }
        long disk = (need.diskBytes() + unit - 1) / unit * unit;
        long metadata = qcow2 ? metadataBytes(disk, made) : 0;
        Map<String, Object> fields = new LinkedHashMap<>();
        bitmaps.ifPresent(bytes -> fields.put("bitmaps", bytes));
        fields.put("required", qcow2 ? metadata + need.dataBytes() : disk); // a raw image is as long as its disk
        fields.put("fully-allocated", metadata + disk);
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(OutputOption.text(fields));
        } else {
            out.println("required size: " + fields.get("required"));
            out.println("fully allocated size: " + fields.get("fully-allocated"));
            bitmaps.ifPresent(bytes -> out.println("bitmaps size: " + bytes));
        }
        return 0;
    }

    /** Bits, tables and directory, in clusters of the target. */
    private OptionalLong bitmaps(BlockNode file, CreateOptions made, Need need) {
        Qcow2Header header = Qcow2Header.read(file.file(), image);
        if (header.version() < 3) {
            return OptionalLong.empty();
        }
        long cluster = made.clusterBytes();
        long bytes = 0;
        List<Bitmap> usable = header.has(Qcow2Feature.BITMAPS)
                ? BitmapDirectory.read(file.file(), header, image).map(BitmapDirectory.Read::bitmaps).stream()
                        .flatMap(List::stream)
                        .filter(b -> !b.has(BitmapDirectory.IN_USE))
                        .toList()
                : List.of();
        for (Bitmap bitmap : usable) {
            long granularity = 1L << bitmap.granularityBits();
            long bits = (need.diskBytes() + granularity - 1) / granularity;
            long clusters = roundUp((bits + 7) / 8, cluster) / cluster;
            bytes += clusters * cluster + roundUp(clusters * Long.BYTES, cluster);
        }
        return OptionalLong.of(bytes + roundUp(BitmapDirectory.storedBytes(usable), cluster));
    }

    private static Need need(BlockNode node, int unit) {
        long data = 0;
        long last = -1;
        for (long at = 0; at < node.lengthBytes(); ) {
            BlockStatus status = node.status(at, node.lengthBytes() - at);
            if (status.data()) {
                long first = Math.max(at / unit, last + 1);
                long end = (at + status.lengthBytes() + unit - 1) / unit;
                data += Math.max(0, end - first) * unit;
                last = Math.max(last, end - 1);
            }
            at += status.lengthBytes();
        }
        return new Need(node.lengthBytes(), data);
    }

    /** Header, tables and refcounts for a disk of which everything is stored. */
    private static long metadataBytes(long disk, CreateOptions options) {
        long cluster = options.clusterBytes();
        long entryBytes = options.extendedL2() ? 16 : 8;
        long l2 = roundUp(disk / cluster, cluster / entryBytes) * entryBytes;
        long l1 = roundUp(l2 / cluster, cluster / 8) * 8;
        long clusters = (cluster + l2 + l1 + disk) / cluster;
        long perBlock = cluster * 8 / options.refcountBits();
        long blocks = 0;
        long tables = 0;
        for (boolean grown = true; grown; ) {
            long neededBlocks = (clusters + blocks + tables + perBlock - 1) / perBlock;
            long neededTables = (neededBlocks + cluster / 8 - 1) / (cluster / 8);
            grown = neededBlocks != blocks || neededTables != tables;
            blocks = neededBlocks;
            tables = neededTables;
        }
        return cluster + l2 + l1 + (blocks + tables) * cluster;
    }

    private static long roundUp(long value, long unit) {
        return (value + unit - 1) / unit * unit;
    }
}
