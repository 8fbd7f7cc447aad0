package ringside.workloads.conformance.target;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.workloads.conformance.bench.DeviceConfig;

/** A temporary image with data in its first sectors. */
public final class TestImage {
    /** Size of images. */
    public static final long BYTES = 16L << 20;

    private static final int FILLED_BYTES = 1 << 20;

    private final Path file;

    private TestImage(Path file) {
        this.file = file;
    }

    /** Makes an image in a folder. */
    public static TestImage create(Path folder) {
        try {
            Path file = Files.createTempFile(folder, "disk", ".raw");
            byte[] bytes = new byte[FILLED_BYTES];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 13 + (i >> 9));
            }
            Files.write(file, bytes);
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.setLength(BYTES);
            }
            return new TestImage(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a test image in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Where it is. */
    public Path file() {
        return file;
    }

    /** Removes it. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The node that a device needs: this image, or a slow disk without one. */
    BlockNodeSpec node(DeviceConfig config) {
        if (config.slowMs() > 0) {
            return new BlockNodeSpec.Null(BYTES, config.slowMs() * 1_000_000L, true);
        }
        CacheMode cache = config.writethrough() ? CacheMode.WRITETHROUGH : CacheMode.WRITEBACK;
        return new BlockNodeSpec.Raw(file, cache, AioKind.THREADS, false, config.readOnly(), config.unmaps());
    }
}
