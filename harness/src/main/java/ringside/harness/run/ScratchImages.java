package ringside.harness.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.ffi.NativeException;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.suite.Units;

/**
 * Images for a run without an image of the user: in the results folder, filled with data that no storage can shrink,
 * removed at the end.
 */
final class ScratchImages implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 20;

    /** Left free for results. */
    private static final long RESERVE_BYTES = 64L << 20;

    private static final int PROBE_BYTES = 4096;

    private final List<Path> files;
    private final Optional<PrivateFolder> folder;

    private ScratchImages(List<Path> files, Optional<PrivateFolder> folder) {
        this.files = files;
        this.folder = folder;
    }

    /**
     * Makes the images.
     *
     * @throws HarnessException if there is no room
     */
    static ScratchImages create(Path folder, int count, long bytes) {
        removeLeftovers(folder);
        checkRoom(folder, count * bytes, usableBytes(folder));
        ScratchImages images = new ScratchImages(new ArrayList<>(), Optional.empty());
        try {
            for (int i = 0; i < count; i++) {
                Path file = folder.resolve("scratch" + i + ".raw").toAbsolutePath();
                images.files.add(file);
                fill(file, bytes, i);
            }
            return images;
        } catch (IOException e) {
            images.close();
            throw HarnessException.environment(
                    "cannot make a scratch image in " + folder + ": " + AtomicFiles.reason(e)
                            + ": choose another folder with --out, or give --image FILE",
                    e);
        }
    }

    /** Removes what a killed run left behind; only the holder of the folder's lock may call this. */
    static void removeLeftovers(Path folder) {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(
                folder, file -> file.getFileName().toString().matches("scratch\\d+\\.raw"))) {
            for (Path file : leftovers) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw HarnessException.environment(
                    "cannot remove old scratch images in " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** The files. */
    List<String> files() {
        return files.stream().map(Path::toString).toList();
    }

    /** Whether the file system under the images takes O_DIRECT, found out as a machine would. */
    boolean directIo() {
        return directIo(files.getFirst());
    }

    private static boolean directIo(Path file) {
        try {
            BlockNodes.open(new BlockNodeSpec.Raw(file, CacheMode.NONE, AioKind.THREADS, false, true, false))
                    .close();
            return true;
        } catch (IllegalArgumentException | NativeException e) {
            return false;
        }
    }

    /** Why no scratch image can be in a folder; empty where it can. */
    static Optional<String> unusable(String folder, boolean direct) {
        Path file = null;
        try {
            file = Files.createTempFile(Path.of(folder), PrivateFolder.PREFIX, ".probe");
            Files.write(file, new byte[PROBE_BYTES]);
            return !direct || directIo(file)
                    ? Optional.empty()
                    : Optional.of("the file system of " + folder + " does not take O_DIRECT");
        } catch (IOException e) {
            return Optional.of(folder + " takes no image: " + AtomicFiles.reason(e));
        } finally {
            deleteQuietly(file);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(ScratchImages.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "left behind: " + file + " (" + e.getMessage() + ")");
        }
    }

    /** Makes images in a private folder of one that others use as well, such as /dev/shm. */
    static ScratchImages createIn(Path shared, int count, long bytes) {
        checkRoom(shared, count * bytes, usableBytes(shared));
        PrivateFolder folder = PrivateFolder.make(shared);
        try {
            ScratchImages made = create(folder.path(), count, bytes);
            return new ScratchImages(made.files, Optional.of(folder));
        } catch (HarnessException e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public void close() {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw HarnessException.environment("cannot remove " + file + ": " + AtomicFiles.reason(e), e);
            }
        }
        folder.ifPresent(PrivateFolder::close);
    }

    /** Refuses where the file system would be full. */
    static void checkRoom(Path folder, long neededBytes, long usableBytes) {
        if (usableBytes < neededBytes + RESERVE_BYTES) {
            throw HarnessException.environment("no room on disk: a scratch image and results need "
                    + Units.formatBytes(neededBytes + RESERVE_BYTES) + ", " + folder.toAbsolutePath() + " has "
                    + Units.formatBytes(usableBytes) + ": choose another folder with --out, or give --image FILE");
        }
    }

    private static long usableBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw HarnessException.environment(
                    "cannot ask for the room in " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static void fill(Path file, long bytes, int seed) throws IOException {
        RandomGenerator random = new SplittableRandom(seed);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long left = bytes; left > 0; left -= block.capacity()) {
                block.clear();
                while (block.remaining() >= Long.BYTES) {
                    block.putLong(random.nextLong());
                }
                block.flip();
                block.limit((int) Math.min(left, BLOCK_BYTES));
                while (block.hasRemaining()) {
                    channel.write(block);
                }
            }
            channel.force(true); // nothing of this may still be on its way when a run measures
        }
    }
}
