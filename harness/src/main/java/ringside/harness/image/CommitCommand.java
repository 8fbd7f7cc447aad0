package ringside.harness.image;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.Qcow2Node;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.harness.HarnessException;

/** Writes an overlay into its backing file. */
@Command(
        name = "commit",
        description = {
            "Writes what a qcow2 image holds into its backing file, and then takes it out of the image (not with -d).",
            "Other images on the same backing file are worth nothing afterwards."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  ringside image commit -f qcow2 overlay.qcow2"})
final class CommitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Option(names = "-d", description = "Leave the image as it is.")
    private boolean keep;

    @Option(names = "-p", description = "Show progress, also where there is no terminal.")
    private boolean progress;

    @Option(names = "-q", description = "Print nothing.")
    private boolean quiet;

    @Parameters(paramLabel = "FILE", description = "The image.")
    private String image;

    @Override
    public Integer call() {
        Path path = source.qcow2(image);
        Qcow2Header header =
                Images.with(Images.file(path, true, source.cache()), node -> Qcow2Header.read(node.file(), image));
        String named = header.backingFile()
                .orElseThrow(() -> HarnessException.badInput("image " + image + ": has no backing file to commit to"));
        Path behind = path.toAbsolutePath().getParent().resolve(named);
        Qcow2Spec overlay = Images.qcow2(path, false, source.cache(), source.follow(), Optional.empty());
        // First as QEMU and we open it, with all checks of names and formats; then each on its own.
        Images.with(overlay.with(overlay.options().asReadOnly()), _ -> 0);
        BlockNodeSpec base =
                Images.spec(behind.toString(), header.backingFormat(), false, source.cache(), source.follow());
        Qcow2Spec alone = new Qcow2Spec(overlay.file(), new Qcow2Backing.None(), overlay.dataFile(), overlay.options());
        Images.with(base, below -> Images.with(alone, node -> commit(node, below)));
        if (!quiet) {
            spec.commandLine().getOut().println("Image committed.");
        }
        return 0;
    }

    private int commit(BlockNode node, BlockNode below) {
        if (below.lengthBytes() < node.lengthBytes()) {
            grow(below, node.lengthBytes());
        }
        CopyProgress shown = new CopyProgress(spec.commandLine().getErr(), progress, quiet, node.lengthBytes());
        new Copier(node, below, new Copier.Plan(1, 0, false, false, false, true), shown).run();
        below.file().flush();
        if (!keep) {
            ((Qcow2Node) node).empty();
        }
        return 0;
    }

    private static void grow(BlockNode below, long bytes) {
        if (below instanceof Qcow2Node qcow2) {
            qcow2.resize(bytes);
        } else {
            below.file().truncate(bytes);
        }
    }
}
