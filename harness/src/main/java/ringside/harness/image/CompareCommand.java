package ringside.harness.image;

import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
import ringside.emulator.block.BlockStatus;

/** Compares two images. */
@Command(
        name = "compare",
        description = "Compares what two images hold, whatever their formats.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  ringside image compare -f raw -F qcow2 disk.raw disk.qcow2"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:they hold the same", "1:they differ", "2:they could not be compared"})
final class CompareCommand implements Callable<Integer> {
    private static final long PIECE_BYTES = 2 << 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Option(
            names = "-F",
            paramLabel = "FORMAT",
            description = "Format of the second image; that of the first without it.")
    private String secondFormat;

    @Option(names = "-s", description = "Strict: sizes, and what is allocated, must be the same, too.")
    private boolean strict;

    @Option(names = "-p", description = "Show progress, also where there is no terminal.")
    private boolean progress;

    @Option(names = "-q", description = "Print nothing.")
    private boolean quiet;

    @Parameters(index = "0", paramLabel = "A", description = "The first image.")
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "The second image.")
    private String second;

    @Override
    public Integer call() {
        Optional<String> format = Optional.ofNullable(secondFormat).or(source::format);
        BlockNodeSpec b = Images.spec(second, format, true, source.cache(), source.follow());
        Optional<String> difference =
                Images.with(source.readOnly(first), left -> Images.with(b, right -> compare(left, right)));
        if (!quiet) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(difference.orElse("Images are identical."));
        }
        return difference.isPresent() ? 1 : 0;
    }

    private Optional<String> compare(BlockNode left, BlockNode right) {
        long common = Math.min(left.lengthBytes(), right.lengthBytes());
        if (strict && left.lengthBytes() != right.lengthBytes()) {
            return Optional.of("Strict mode: Image size mismatch!");
        }
        CopyProgress shown = new CopyProgress(spec.commandLine().getErr(), progress, quiet, common);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocate(PIECE_BYTES, 4096);
            MemorySegment b = arena.allocate(PIECE_BYTES, 4096);
            for (long at = 0; at < common; ) {
                BlockStatus l = left.status(at, common - at);
                BlockStatus r = right.status(at, common - at);
                long length = Math.min(Math.min(l.lengthBytes(), r.lengthBytes()), common - at);
                length = l.zero() && r.zero() ? length : Math.min(length, PIECE_BYTES);
                if (strict && l.allocated() != r.allocated()) {
                    return Optional.of("Strict mode: Offset " + at + " allocation mismatch!");
                }
                long mismatch = l.zero() && r.zero() ? -1 : mismatch(left, right, at, a, b, length);
                if (mismatch >= 0) {
                    return Optional.of("Content mismatch at offset " + (at + mismatch) + "!");
                }
                at += length;
                shown.add(length);
            }
        } finally {
            shown.end();
        }
        return longer(left, right, common);
    }

    private static long mismatch(
            BlockNode left, BlockNode right, long at, MemorySegment a, MemorySegment b, long length) {
        left.file().read(at, a.asSlice(0, length));
        right.file().read(at, b.asSlice(0, length));
        return MemorySegment.mismatch(a, 0, length, b, 0, length);
    }

    /** What one has more must read as zeroes. */
    private static Optional<String> longer(BlockNode left, BlockNode right, long from) {
        BlockNode longer = left.lengthBytes() > right.lengthBytes() ? left : right;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(PIECE_BYTES, 4096);
            for (long at = from; at < longer.lengthBytes(); ) {
                BlockStatus status = longer.status(at, longer.lengthBytes() - at);
                long length = Math.min(status.lengthBytes(), status.zero() ? Long.MAX_VALUE : PIECE_BYTES);
                if (!status.zero()) {
                    MemorySegment part = buffer.asSlice(0, length);
                    longer.file().read(at, part);
                    if (!Zeroes.are(part, 0, length)) {
                        return Optional.of("Content mismatch at offset " + at + "!");
                    }
                }
                at += length;
            }
        }
        return Optional.empty();
    }
}
