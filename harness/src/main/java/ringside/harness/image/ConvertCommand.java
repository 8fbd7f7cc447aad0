package ringside.harness.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
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
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.harness.HarnessException;
import ringside.harness.suite.Units;

/** Copies an image to another format. */
@Command(
        name = "convert",
        description = {
            "Copies what an image holds to another image, of any format. The target gets its name when it is whole:",
            "whatever ends the command before, there is no file that looks like an image and is none."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image convert -f raw -O qcow2 disk.raw disk.qcow2",
            "  ringside image convert -f qcow2 -O qcow2 -c -o compression_type=zstd disk.qcow2 small.qcow2",
            "  ringside image convert -O raw driver=nbd,server=unix:/run/nbd,export=disk copy.raw"
        })
final class ConvertCommand implements Callable<Integer> {
    private static final int MAX_THREADS = 16;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Option(names = "-O", required = true, paramLabel = "FORMAT", description = "Format of the target: raw or qcow2.")
    private String targetFormat;

    @Option(names = "-o", paramLabel = "OPTIONS", description = "Options of a qcow2 target, as of create -o.")
    private List<String> options = new ArrayList<>();

    @Option(names = "-c", description = "Compress clusters of a qcow2 target.")
    private boolean compress;

    @Option(names = "-l", paramLabel = "SNAPSHOT", description = "Read this internal snapshot of the source.")
    private String snapshot;

    @Option(
            names = "-B",
            paramLabel = "FILE",
            description = "Backing file of the target; the same that the source has.")
    private String backing;

    @Option(names = "-F", paramLabel = "FORMAT", description = "Format of the backing file.")
    private String backingFormat;

    @Option(
            names = "-S",
            paramLabel = "SIZE",
            defaultValue = "4k",
            description = "Do not write runs of zeroes of this length; 0: write everything (default: 4k).")
    private String sparse;

    @Option(names = "-n", description = "The target exists already, and is large enough.")
    private boolean existing;

    @Option(names = "-m", paramLabel = "N", defaultValue = "4", description = "Pieces at a time, 1 to 16 (default: 4).")
    private int threads;

    @Option(names = "-t", paramLabel = "CACHE", defaultValue = "unsafe", description = "Cache mode of the target.")
    private String targetCache;

    @Option(names = "-p", description = "Show progress, also where there is no terminal.")
    private boolean progress;

    @Option(names = "-q", description = "Show no progress.")
    private boolean quiet;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The image to read: a file, or a graph (driver=...).")
    private String from;

    @Parameters(index = "1", paramLabel = "TARGET", description = "The image to make.")
    private Path to;

    @Override
    public Integer call() {
        if (threads < 1 || threads > MAX_THREADS) {
            throw HarnessException.badInput("-m " + threads + ": use 1 to " + MAX_THREADS);
        }
        if (compress && !"qcow2".equals(targetFormat)) {
            throw HarnessException.badInput("-c: only qcow2 can be compressed, not " + targetFormat);
        }
        BlockNodeSpec read = source.readOnly(from, snapshot);
        Images.with(read, node -> {
            copy(node);
            return 0;
        });
        return 0;
    }

    private void copy(BlockNode node) {
        if (existing) {
            copyTo(node, Images.existing(to.toString()), false);
            return;
        }
        Path part = to.resolveSibling(to.getFileName() + ".part");
        Thread cleaner = new Thread(() -> delete(part));
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            create(part, node.lengthBytes());
            copyTo(node, part, true);
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw HarnessException.environment("image " + to + ": cannot get its name: " + e, e);
        } finally {
            delete(part);
            Runtime.getRuntime().removeShutdownHook(cleaner);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException _) {
            // It stays, under a name that says what it is.
        }
    }

    private void create(Path part, long bytes) {
        switch (targetFormat) {
            case "raw" -> {
                new CreationText(options).requireSizeOnly();
                Creation.raw(part, bytes);
            }
            case "qcow2" -> {
                CreationText text = new CreationText(options);
                if (backing != null) {
                    text.set("backing_file", backing);
                }
                if (backingFormat != null) {
                    text.set("backing_fmt", backingFormat);
                }
                Creation.qcow2(part, text.options(bytes));
            }
            default -> throw HarnessException.badInput("unknown format '" + targetFormat + "': use raw or qcow2");
        }
    }

    private void copyTo(BlockNode node, Path path, boolean fresh) {
        CacheMode cache = Images.guarded("-t", () -> CacheMode.of(targetCache));
        BlockNodeSpec target = Images.spec(path.toString(), Optional.of(targetFormat), false, cache, source.follow());
        int runs = Math.clamp(Images.guarded("-S", () -> Units.bytes(sparse)), 0, 1 << 20);
        boolean overlay = backing != null;
        CopyProgress shown = new CopyProgress(spec.commandLine().getErr(), progress, quiet, node.lengthBytes());
        try (BlockNode written = BlockNodes.open(target)) {
            if (written.lengthBytes() < node.lengthBytes()) {
                throw new IllegalArgumentException(
                        "image " + path + ": is smaller than " + from + "; make it larger first");
            }
            // Compressed clusters share clusters of the file: one thread packs them without holes.
            Copier.Plan plan = new Copier.Plan(
                    compress ? 1 : threads, runs, fresh && !overlay, compress, !cache.direct(), overlay);
            new Copier(node, written, plan, shown).run();
            written.file().flush();
        }
    }
}
