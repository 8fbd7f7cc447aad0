package ringside.harness.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.ffi.NativeException;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.suite.Units;

/**
 * Images of one recipe for runs without an image of the user: in the results folder or one that a cell names, removed at
 * the end.
 */
final class ScratchImages implements AutoCloseable {
    private static final String LEFTOVERS = "scratch\\d+\\.(raw|qcow2)(\\.(data|backing\\d+))?";

    /** Left free for results. */
    private static final long RESERVE_BYTES = 64L << 20;

    private static final int PROBE_BYTES = 4096;

    private final ImageRecipe recipe;
    private final List<Path> images;
    private final Optional<PrivateFolder> folder;

    private ScratchImages(ImageRecipe recipe, List<Path> images, Optional<PrivateFolder> folder) {
        this.recipe = recipe;
        this.images = images;
        this.folder = folder;
    }

    /**
     * Makes the images.
     *
     * @param first number of the first one; images of other recipes in the folder have others
     * @throws HarnessException if there is no room
     */
    static ScratchImages create(Path folder, int first, int count, ImageRecipe recipe) {
        checkRoom(folder, count * recipe.storedBytes(), usableBytes(folder));
        List<Path> names = IntStream.range(first, first + count)
                .mapToObj(i ->
                        folder.resolve("scratch" + i + "." + recipe.format()).toAbsolutePath())
                .toList();
        ScratchImages images = new ScratchImages(recipe, names, Optional.empty());
        images.make();
        return images;
    }

    /** Makes images in a private folder of one that others use as well, such as /dev/shm. */
    static ScratchImages createIn(Path shared, int count, ImageRecipe recipe) {
        checkRoom(shared, count * recipe.storedBytes(), usableBytes(shared));
        PrivateFolder folder = PrivateFolder.make(shared);
        try {
            ScratchImages made = create(folder.path(), 0, count, recipe);
            return new ScratchImages(recipe, made.images, Optional.of(folder));
        } catch (HarnessException e) {
            folder.close();
            throw e;
        }
    }

    /** Makes them anew, as they were at first: a run that fills its image finds it empty. */
    void renew() {
        remove();
        make();
    }

    private void make() {
        try {
            for (int i = 0; i < images.size(); i++) {
                ScratchImage.make(images.get(i), recipe, i);
            }
        } catch (IOException | RuntimeException e) {
            remove();
            throw HarnessException.environment(
                    "cannot make a scratch image in " + images.getFirst().getParent() + ": " + reason(e)
                            + ": choose another folder with --out, or give --image FILE",
                    e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException io ? AtomicFiles.reason(io) : e.getMessage();
    }

    /** Removes what a killed run left behind; only the holder of the folder's lock may call this. */
    static void removeLeftovers(Path folder) {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(
                folder, file -> file.getFileName().toString().matches(LEFTOVERS))) {
            for (Path file : leftovers) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw HarnessException.environment(
                    "cannot remove old scratch images in " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** The images, one per disk. */
    List<String> files() {
        return images.stream().map(Path::toString).toList();
    }

    /** Whether the file system under the images takes O_DIRECT, found out as a machine would. */
    boolean directIo() {
        return unusable(images.getFirst().getParent().toString(), true).isEmpty();
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

    @Override
    public void close() {
        remove();
        folder.ifPresent(PrivateFolder::close);
    }

    /** With whatever stands behind them: backing files and data files are named after their image. */
    private void remove() {
        for (Path image : images) {
            try {
                for (Path file : ScratchImage.filesOf(image, recipe)) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw HarnessException.environment("cannot remove " + image + ": " + AtomicFiles.reason(e), e);
            }
        }
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
}
