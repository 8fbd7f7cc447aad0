package ringside.harness.run;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.Qcow2Node;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;
import ringside.harness.suite.Option;

/** One scratch image with what stands behind it, made as its recipe says. */
final class ScratchImage {
    /** As large as the largest cluster. */
    private static final int CHUNK_BYTES = 2 << 20;

    /** Of every 512 bytes, so that each cluster shrinks alike. */
    private static final int THREE_QUARTERS = 384;

    private final Path image;
    private final ImageRecipe recipe;

    private ScratchImage(Path image, ImageRecipe recipe) {
        this.image = image;
        this.recipe = recipe;
    }

    /**
     * Makes it.
     *
     * @param seed of its data
     */
    static void make(Path image, ImageRecipe recipe, int seed) throws IOException {
        new ScratchImage(image, recipe).make(seed);
    }

    /** All files of an image, whether they are there or not. */
    static List<Path> filesOf(Path image, ImageRecipe recipe) {
        List<Path> files = new ArrayList<>(List.of(image, beside(image, "data")));
        for (int depth = 1; depth <= recipe.number(Option.BACKING_DEPTH); depth++) {
            files.add(beside(image, "backing" + depth));
        }
        return files;
    }

    private static Path beside(Path image, String what) {
        return image.resolveSibling(image.getFileName() + "." + what);
    }

    private void make(int seed) throws IOException {
        if (recipe.qcow2()) {
            makeChain(seed);
        } else {
            makeRaw(image, seed);
        }
    }

    private void makeRaw(Path file, int seed) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            if (recipe.filled()) {
                fill(seed, (offset, chunk) -> writeFully(channel, offset, chunk));
            } else {
                writeFully(channel, recipe.bytes() - 1, MemorySegment.ofArray(new byte[1]));
            }
            channel.force(true); // nothing of this may still be on its way when a run measures
        }
    }

    /** From the lowest image, which has the data, up to the one that is opened. */
    private void makeChain(int seed) throws IOException {
        int lowest = recipe.number(Option.BACKING_DEPTH);
        for (int depth = lowest; depth >= 0; depth--) {
            Path file = depth == 0 ? image : beside(image, "backing" + depth);
            boolean bottom = depth == lowest;
            if (bottom && depth > 0 && recipe.option(Option.BACKING_FORMAT).equals("raw")) {
                makeRaw(file, seed);
            } else {
                makeQcow2(file, depth, bottom);
                if (bottom && recipe.filled()) {
                    fillQcow2(file, seed);
                }
            }
        }
    }

    private void makeQcow2(Path file, int depth, boolean bottom) throws IOException {
        CreateOptions options = recipe.createOptions(bottom);
        if (!bottom) {
            boolean raw = depth + 1 == recipe.number(Option.BACKING_DEPTH)
                    && recipe.option(Option.BACKING_FORMAT).equals("raw");
            Path behind = beside(image, "backing" + (depth + 1));
            options = options.withBacking(behind.getFileName().toString(), raw ? "raw" : "qcow2");
        }
        try (BlockNode node = openEmpty(file)) {
            if (depth == 0 && recipe.on(Option.DATA_FILE)) {
                Path data = beside(image, "data"); // by its whole path: QEMU looks for others where it was started
                try (BlockNode dataNode = openEmpty(data)) {
                    Qcow2Create.create(
                            node.file(), Optional.of(dataNode.file()), options.withDataFile(data.toString()));
                }
            } else {
                Qcow2Create.create(node.file(), Optional.empty(), options);
            }
        }
    }

    private static BlockNode openEmpty(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file);
        return BlockNodes.open(new FileSpec(storage(file)));
    }

    /** What is lost if the host fails now is made again. */
    private static BlockNodeSpec.Raw storage(Path file) {
        return new BlockNodeSpec.Raw(file, CacheMode.UNSAFE, AioKind.THREADS, false, false, true);
    }

    private void fillQcow2(Path file, int seed) throws IOException {
        try (BlockNode node = BlockNodes.open(Qcow2Spec.of(new FileSpec(storage(file))))) {
            fill(seed, compressed() ? compressing((Qcow2Node) node) : node.file()::write);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private boolean compressed() {
        return !recipe.option(Option.COMPRESSION).equals("off");
    }

    private static Sink compressing(Qcow2Node node) {
        int cluster = node.clusterBytes();
        return (offset, chunk) -> {
            for (long from = 0; from < chunk.byteSize(); from += cluster) {
                node.writeCompressed(offset + from, chunk.asSlice(from, Math.min(cluster, chunk.byteSize() - from)));
            }
        };
    }

    private static void writeFully(FileChannel file, long offset, MemorySegment chunk) throws IOException {
        ByteBuffer bytes = chunk.asByteBuffer();
        while (bytes.hasRemaining()) {
            file.write(bytes, offset + bytes.position());
        }
    }

    /** Takes the content of an image, piece by piece. */
    private interface Sink {
        void write(long offsetBytes, MemorySegment chunk) throws IOException;
    }

    /** Data that no storage can shrink; where the image is to be compressed, three quarters are zeroes. */
    private void fill(int seed, Sink sink) throws IOException {
        RandomGenerator random = new SplittableRandom(seed);
        boolean compressible = compressed();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK_BYTES, Long.BYTES);
            for (long offset = 0; offset < recipe.bytes(); offset += CHUNK_BYTES) {
                for (long at = 0; at < CHUNK_BYTES; at += Long.BYTES) {
                    boolean zero = compressible && (at & THREE_QUARTERS) != 0;
                    chunk.set(ValueLayout.JAVA_LONG, at, zero ? 0 : random.nextLong());
                }
                sink.write(offset, chunk.asSlice(0, Math.min(CHUNK_BYTES, recipe.bytes() - offset)));
            }
        }
    }
}
