package ringside.harness.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.qcow2.Qcow2Node;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.harness.HarnessException;

/** Gives an image another backing file. */
@Command(
        name = "rebase",
        description = {
            "Gives a qcow2 image another backing file, or none. What the disk holds stays the same: where the new backing",
            "file has something else, the old content is copied into the image first. With -u only the name changes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image rebase -f qcow2 -b newbase.qcow2 -F qcow2 overlay.qcow2",
            "  ringside image rebase -f qcow2 -b \"\" overlay.qcow2",
            "  ringside image rebase -f qcow2 -u -b moved/base.raw -F raw overlay.qcow2"
        })
final class RebaseCommand implements Callable<Integer> {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int SECTOR_BYTES = 512;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Option(names = "-b", required = true, paramLabel = "FILE", description = "The new backing file; \"\" for none.")
    private String backing;

    @Option(names = "-F", paramLabel = "FORMAT", description = "Format of the new backing file.")
    private String backingFormat;

    @Option(names = "-u", description = "Change the name only: the content must be the same already.")
    private boolean unsafe;

    @Option(names = "-p", description = "Show progress, also where there is no terminal.")
    private boolean progress;

    @Option(names = "-q", description = "Show no progress.")
    private boolean quiet;

    @Parameters(paramLabel = "FILE", description = "The image.")
    private String image;

    @Override
    public Integer call() {
        Path path = source.qcow2(image);
        if (!backing.isEmpty() && backingFormat == null) {
            throw HarnessException.badInput("-F: name the format of the backing file; it is never guessed");
        }
        if (!unsafe) {
            keepContent(path);
        }
        Images.with(Images.file(path, false, source.cache()), node -> {
            Qcow2Header header = Qcow2Header.read(node.file(), image);
            boolean none = backing.isEmpty();
            header.setBacking(
                    none ? Optional.empty() : Optional.of(backing),
                    none ? Optional.empty() : Optional.of(backingFormat));
            node.file().write(0, MemorySegment.ofArray(header.toCluster()));
            node.file().flush();
            return 0;
        });
        return 0;
    }

    private void keepContent(Path path) {
        Images.with(source.writable(image), node -> {
            if (backing.isEmpty()) {
                copyWhatDiffers(node, Optional.empty());
                return 0;
            }
            String behind = path.toAbsolutePath().getParent().resolve(backing).toString();
            BlockNodeSpec opened =
                    Images.spec(behind, Optional.of(backingFormat), true, source.cache(), source.follow());
            try (BlockNode base = BlockNodes.open(opened)) {
                copyWhatDiffers(node, Optional.of(base));
            }
            return 0;
        });
    }

    private void copyWhatDiffers(BlockNode node, Optional<BlockNode> base) {
        CopyProgress shown = new CopyProgress(spec.commandLine().getErr(), progress, quiet, node.lengthBytes());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(PIECE_BYTES, 4096);
            MemorySegment other = arena.allocate(PIECE_BYTES, 4096);
            for (long at = 0; at < node.lengthBytes(); ) {
                BlockStatus status = node.status(at, Math.min(PIECE_BYTES, node.lengthBytes() - at));
                long length = Math.min(status.lengthBytes(), PIECE_BYTES);
                if (!status.allocated()) {
                    MemorySegment now = old.asSlice(0, length);
                    MemorySegment then = other.asSlice(0, length);
                    node.file().read(at, now);
                    readBase(base, at, then);
                    copyDifferences(node, at, now, then);
                }
                at += length;
                shown.add(length);
            }
            node.file().flush();
        } finally {
            shown.end();
        }
    }

    private static void readBase(Optional<BlockNode> base, long at, MemorySegment into) {
        into.fill((byte) 0);
        base.ifPresent(b -> {
            long there = Math.clamp(b.lengthBytes() - at, 0, into.byteSize());
            if (there > 0) {
                b.file().read(at, into.asSlice(0, there));
            }
        });
    }

    private static void copyDifferences(BlockNode node, long at, MemorySegment now, MemorySegment then) {
        for (long from = 0; from < now.byteSize(); from += SECTOR_BYTES) {
            long to = Math.min(now.byteSize(), from + SECTOR_BYTES);
            if (MemorySegment.mismatch(now, from, to, then, from, to) == -1) {
                continue;
            }
            while (to < now.byteSize()
                    && MemorySegment.mismatch(now, to, next(now, to), then, to, next(now, to)) != -1) {
                to = next(now, to);
            }
            if (Zeroes.are(now, from, to)) {
                ((Qcow2Node) node).keepZeroes(at + from, to - from); // the old backing file may have ended before
            } else {
                node.file().write(at + from, now.asSlice(from, to - from));
            }
            from = to - SECTOR_BYTES;
        }
    }

    private static long next(MemorySegment segment, long at) {
        return Math.min(segment.byteSize(), at + SECTOR_BYTES);
    }
}
