package ringside.harness.image;

import java.io.PrintWriter;
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
import ringside.emulator.block.BlockStatus;

/** Tells where the data of an image are. */
@Command(
        name = "map",
        description = "Lists what is allocated, what reads as zeroes, and where data are, without reading them.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  ringside image map -f qcow2 --output json disk.qcow2"})
final class MapCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The image.")
    private String image;

    @Override
    public Integer call() {
        List<Map<String, Object>> extents = Images.with(source.readOnly(image), MapCommand::extents);
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(OutputOption.text(extents));
            return 0;
        }
        out.printf("%-16s%-16s%-16s%s%n", "Offset", "Length", "Mapped to", "Depth");
        for (Map<String, Object> extent : extents) {
            if (Boolean.TRUE.equals(extent.get("data"))) {
                Object place = extent.getOrDefault("offset", "compressed");
                out.printf(
                        "%-16s%-16s%-16s%s%n", extent.get("start"), extent.get("length"), place, extent.get("depth"));
            }
        }
        return 0;
    }

    private static List<Map<String, Object>> extents(BlockNode node) {
        List<Map<String, Object>> extents = new ArrayList<>();
        BlockStatus last = null;
        long start = 0;
        long length = 0;
        for (long at = 0; at < node.lengthBytes(); ) {
            BlockStatus status = node.status(at, node.lengthBytes() - at);
            if (last != null && continues(last, length, status)) {
                length += status.lengthBytes();
            } else {
                if (last != null) {
                    extents.add(fields(last, start, length));
                }
                last = status;
                start = at;
                length = status.lengthBytes();
            }
            at += status.lengthBytes();
        }
        if (last != null) {
            extents.add(fields(last, start, length));
        }
        return extents;
    }

    private static boolean continues(BlockStatus last, long length, BlockStatus next) {
        boolean same = last.data() == next.data()
                && last.zero() == next.zero()
                && last.present() == next.present()
                && last.depth() == next.depth()
                && last.compressed() == next.compressed();
        boolean placed =
                last.hostOffsetBytes().isPresent() == next.hostOffsetBytes().isPresent();
        return same
                && placed
                && (last.hostOffsetBytes().isEmpty()
                        || last.hostOffsetBytes().getAsLong() + length
                                == next.hostOffsetBytes().getAsLong());
    }

    private static Map<String, Object> fields(BlockStatus status, long start, long length) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("start", start);
        fields.put("length", length);
        fields.put("depth", status.depth());
        fields.put("present", status.present());
        fields.put("zero", status.zero());
        fields.put("data", status.data());
        status.hostOffsetBytes().ifPresent(offset -> fields.put("offset", offset));
        return fields;
    }
}
