package ringside.harness.image;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.emulator.block.qcow2.Qcow2Snapshots;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Snapshot;
import ringside.emulator.block.qcow2.format.SnapshotTable;
import ringside.harness.suite.Units;

/** Internal snapshots. */
@Command(
        name = "snapshot",
        description = "Lists, makes, applies or deletes internal snapshots of a qcow2 image.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image snapshot -f qcow2 -c before disk.qcow2",
            "  ringside image snapshot -f qcow2 -l disk.qcow2",
            "  ringside image snapshot -f qcow2 -a before disk.qcow2"
        })
final class SnapshotCommand implements Callable<Integer> {
    /** What to do. */
    static final class What {
        @Option(names = "-l", description = "List the snapshots (default).")
        private boolean list;

        @Option(names = "-c", paramLabel = "NAME", description = "Take a snapshot.")
        private String create;

        @Option(
                names = "-a",
                paramLabel = "SNAPSHOT",
                description = "Make the disk what it was; what it is now is lost.")
        private String apply;

        @Option(names = "-d", paramLabel = "SNAPSHOT", description = "Delete a snapshot.")
        private String delete;
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @ArgGroup(exclusive = true)
    private What what = new What();

    @Parameters(paramLabel = "FILE", description = "The image.")
    private String image;

    @Override
    public Integer call() {
        Path path = source.qcow2(image);
        if (what.create != null) {
            change(path, s -> s.create(what.create));
        } else if (what.apply != null) {
            change(path, s -> s.apply(what.apply));
        } else if (what.delete != null) {
            change(path, s -> s.delete(what.delete));
        } else {
            list(path);
        }
        return 0;
    }

    private void change(Path path, Consumer<Qcow2Snapshots> change) {
        Images.guarded("image " + path, () -> {
            try (Qcow2Snapshots snapshots =
                    Qcow2Snapshots.open(Images.qcow2(path, false, source.cache(), source.follow(), Optional.empty()))) {
                change.accept(snapshots);
            }
            return null;
        });
    }

    private void list(Path path) {
        List<Snapshot> snapshots = Images.with(
                Images.file(path, true, source.cache()),
                node -> SnapshotTable.read(node.file(), Qcow2Header.read(node.file(), image), image)
                        .snapshots());
        PrintWriter out = spec.commandLine().getOut();
        if (snapshots.isEmpty()) {
            return;
        }
        DateTimeFormatter date =
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
        out.println("Snapshot list:");
        out.printf("%-8s%-18s%10s  %-20s%s%n", "ID", "TAG", "VM SIZE", "DATE", "DISK SIZE");
        for (Snapshot snapshot : snapshots) {
            Instant taken = Instant.ofEpochSecond(Integer.toUnsignedLong(snapshot.dateSeconds()));
            out.printf(
                    "%-8s%-18s%10s  %-20s%s%n",
                    snapshot.id(),
                    snapshot.name(),
                    Units.formatBytes(snapshot.vmStateBytes()),
                    date.format(taken),
                    snapshot.diskBytes() < 0 ? "-" : Units.formatBytes(snapshot.diskBytes()));
        }
    }
}
