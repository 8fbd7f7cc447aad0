package ringside.harness.image;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.qcow2.Qcow2Node;
import ringside.harness.HarnessException;
import ringside.harness.suite.Units;

/** Changes the size of a disk. */
@Command(
        name = "resize",
        description = "Changes the size of the disk in an image.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image resize -f qcow2 disk.qcow2 +10G",
            "  ringside image resize -f raw --shrink disk.raw 5G"
        })
final class ResizeCommand implements Callable<Integer> {
    private static final int SECTOR_BYTES = 512;

    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Option(names = "--shrink", description = "The disk may become smaller; what was behind the new end is lost.")
    private boolean shrink;

    @Option(names = "-q", description = "Print nothing.")
    private boolean quiet;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
    private String image;

    @Parameters(index = "1", paramLabel = "SIZE", description = "The new size, or +SIZE or -SIZE for a change.")
    private String size;

    /** {@code -10M} is a size, as with qemu-img, and no option. */
    @Spec
    void use(CommandSpec command) {
        spec = command;
        command.parser().unmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() {
        Images.with(source.writable(image), node -> {
            long bytes = target(node.lengthBytes());
            if (bytes < node.lengthBytes() && !shrink) {
                throw HarnessException.badInput("image " + image
                        + ": would become smaller and lose what is behind its new end; say --shrink if you want that");
            }
            resize(node, bytes);
            return 0;
        });
        if (!quiet) {
            spec.commandLine().getOut().println("Image resized.");
        }
        return 0;
    }

    private void resize(BlockNode node, long bytes) {
        if (!(node instanceof Qcow2Node qcow2)) {
            node.file().truncate(bytes);
        } else if (bytes < node.lengthBytes()) {
            qcow2.shrink(bytes);
        } else {
            qcow2.resize(bytes);
        }
    }

    private long target(long now) {
        boolean relative = size.startsWith("+") || size.startsWith("-");
        long given = Units.bytes(relative ? size.substring(1) : size);
        long wanted = relative ? now + (size.charAt(0) == '+' ? given : -given) : given;
        if (wanted <= 0) {
            throw HarnessException.badInput("SIZE '" + size + "' leaves nothing of a disk of " + now + " bytes");
        }
        return (wanted + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
    }
}
