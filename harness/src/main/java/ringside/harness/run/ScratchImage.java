package ringside.harness.run;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import ringside.harness.suite.Option;

/** One scratch image with what stands behind it, made as its recipe says. */
final class ScratchImage {
    private static final int CHUNK_BYTES = 1 << 20;

    /** Smaller than any cluster, so that each one shrinks to half. */
    private static final int HALF_BYTES = 256;

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
            throw new IOException("qcow2 images cannot be made in this build");
        }
        try (FileChannel file = FileChannel.open(
                image, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            if (recipe.filled()) {
                fill(seed, (offset, chunk) -> writeFully(file, offset, chunk));
            } else {
                writeFully(file, recipe.bytes() - 1, MemorySegment.ofArray(new byte[1]));
            }
            file.force(true); // nothing of this may still be on its way when a run measures
        }
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

    /** Data that no storage can shrink; where the image is to be compressed, every other half is. */
    private void fill(int seed, Sink sink) throws IOException {
        RandomGenerator random = new SplittableRandom(seed);
        boolean compressible = !recipe.option(Option.COMPRESSION).equals("off");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK_BYTES, Long.BYTES);
            for (long offset = 0; offset < recipe.bytes(); offset += CHUNK_BYTES) {
                for (long at = 0; at < CHUNK_BYTES; at += Long.BYTES) {
                    boolean zero = compressible && (at & HALF_BYTES) != 0;
                    chunk.set(ValueLayout.JAVA_LONG, at, zero ? 0 : random.nextLong());
                }
                sink.write(offset, chunk.asSlice(0, Math.min(CHUNK_BYTES, recipe.bytes() - offset)));
            }
        }
    }
}
