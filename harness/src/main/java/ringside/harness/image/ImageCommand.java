package ringside.harness.image;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ringside image}. */
@Command(
        name = "image",
        description = "Makes, checks and changes images, with qemu-img's options, JSON fields and exit codes.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            CreateCommand.class,
            InfoCommand.class,
            CheckCommand.class,
            ConvertCommand.class,
            CompareCommand.class,
            MapCommand.class,
            MeasureCommand.class,
            ResizeCommand.class,
            RebaseCommand.class,
            CommitCommand.class,
            SnapshotCommand.class,
            BitmapCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image create -f qcow2 disk.qcow2 20G",
            "  ringside image convert -f raw -O qcow2 disk.raw disk.qcow2",
            "  ringside image check -f qcow2 disk.qcow2"
        })
public final class ImageCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: create, info, check, convert, compare, map, measure, resize, rebase, commit,"
                        + " snapshot or bitmap");
    }
}
