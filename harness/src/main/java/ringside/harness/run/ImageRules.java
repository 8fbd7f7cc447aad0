package ringside.harness.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.machine.DiskSpec;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.sweep.Cell;

/** What may be done with images of the user: nothing is written that was not named. */
final class ImageRules {
    private ImageRules() {}

    /** Every image that may be written is one of the images. */
    static void checkAllowed(RunRequest request) {
        for (Path allowed : request.allowWrites()) {
            if (request.images().stream().noneMatch(image -> same(image, allowed))) {
                throw HarnessException.badInput("--allow-writes " + allowed
                        + " names no image of this run: give exactly the file that --image names");
            }
        }
    }

    /** Jobs write: every image must be named, and no two disks may share one. */
    static void checkWrites(RunRequest request, int disks) {
        for (Path image : request.images()) {
            if (request.allowWrites().stream().noneMatch(allowed -> same(image, allowed))) {
                throw HarnessException.badInput("the job writes, but " + image
                        + " is opened read-only: use a job that reads, or destroy its contents with --allow-writes "
                        + image);
            }
        }
        if (request.images().size() < disks) {
            throw HarnessException.badInput("the job writes to " + disks + " disks, but there is only "
                    + request.images().size() + " image: give --image once per disk, or use --set disks=1");
        }
    }

    /** What a scratch image would be like cannot vary over images of the user. */
    static void checkAxes(RunRequest request, Cell cell) {
        if (request.images().isEmpty() || !cell.option(Option.IMAGE_DIR).isEmpty()) {
            return;
        }
        for (Option option : ImageRecipe.allOptions()) {
            if (cell.axes().containsKey(option.label())) {
                throw HarnessException.badInput(
                        option.label() + " is an axis, but the image is given: leave out --image"
                                + " for scratch images, or fix it with --set " + option.label() + "=VALUE");
            }
        }
    }

    /** A scratch image that cannot be made, before anything runs. */
    static void checkRecipe(Cell cell, long bytes) {
        ImageRecipe recipe = ImageRecipe.of(cell.options(), bytes);
        try {
            if (recipe.qcow2()) {
                recipe.createOptions(true);
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw HarnessException.badInput("cell " + cell.id() + ": " + e.getMessage(), e);
        }
    }

    /** Opens a disk's storage as the machine will, and closes it again. */
    static void checkOpens(DiskSpec disk) {
        try {
            BlockNodes.open(disk.node()).close();
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        } catch (NativeException e) {
            throw HarnessException.environment(e.getMessage(), e);
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return one.toAbsolutePath()
                    .normalize()
                    .equals(other.toAbsolutePath().normalize());
        }
    }
}
