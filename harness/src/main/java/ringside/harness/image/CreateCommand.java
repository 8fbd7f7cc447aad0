package ringside.harness.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.CacheMode;
import ringside.harness.HarnessException;
import ringside.harness.suite.Units;

/** Makes an image. */
@Command(
        name = "create",
        description = "Makes an image. What FILE held before is lost.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image create -f qcow2 disk.qcow2 20G",
            "  ringside image create -f qcow2 -o cluster_size=4k,extended_l2=off disk.qcow2 20G",
            "  ringside image create -f qcow2 -b base.raw -F raw overlay.qcow2"
        })
final class CreateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "-f", required = true, paramLabel = "FORMAT", description = "raw or qcow2.")
    private String format;

    @Option(names = "-o", paramLabel = "OPTIONS", description = "Options of qcow2, as of qemu-img create -o.")
    private List<String> options = new ArrayList<>();

    @Option(names = "-b", paramLabel = "FILE", description = "Backing file, as it is written into the image.")
    private String backing;

    @Option(names = "-F", paramLabel = "FORMAT", description = "Format of the backing file; needed with -b.")
    private String backingFormat;

    @Option(names = "-u", description = "Do not open the backing file; SIZE is needed then.")
    private boolean unsafe;

    @Option(names = "-q", description = "Print nothing.")
    private boolean quiet;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
    private Path file;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SIZE",
            description = "Size of the disk, such as 20G; with a backing file its size is the default.")
    private String size;

    @Override
    public Integer call() {
        CreationText text = new CreationText(options);
        if (backing != null) {
            text.set("backing_file", backing);
        }
        if (backingFormat != null) {
            text.set("backing_fmt", backingFormat);
        }
        long bytes = sizeBytes(text);
        switch (format) {
            case "raw" -> {
                text.requireSizeOnly();
                Creation.raw(file, bytes);
            }
            case "qcow2" -> Creation.qcow2(file, text.options(bytes));
            default -> throw HarnessException.badInput("unknown format '" + format + "': use raw or qcow2");
        }
        if (!quiet) {
            spec.commandLine().getOut().println("Formatting '" + file + "', fmt=" + format + " size=" + bytes);
        }
        return 0;
    }

    private long sizeBytes(CreationText text) {
        if (size != null || text.text("size").isPresent()) {
            String given = size != null ? size : text.text("size").get();
            return Images.guarded("SIZE", () -> Units.bytes(given));
        }
        String base = text.text("backing_file")
                .filter(_ -> !unsafe)
                .orElseThrow(
                        () -> HarnessException.badInput("image " + file + ": give the size of the disk, such as 20G"));
        if (text.text("backing_fmt").isEmpty()) {
            throw HarnessException.badInput(
                    "-F: name the format of the backing file " + base + "; it is never guessed");
        }
        Path folder = file.toAbsolutePath().getParent();
        return Images.with(
                Images.spec(
                        folder.resolve(base).toString(),
                        text.text("backing_fmt"),
                        true,
                        CacheMode.WRITEBACK,
                        List.of()),
                BlockNode::lengthBytes);
    }
}
