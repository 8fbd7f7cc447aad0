package ringside.harness.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.harness.HarnessException;

/** Options that say how an image is opened; the same in all commands. */
final class SourceOptions {
    @Option(names = "-f", paramLabel = "FORMAT", description = "Format of the image: raw or qcow2. Never guessed.")
    private String format;

    @Option(
            names = "--follow-paths",
            paramLabel = "FOLDER",
            description = "Names inside the image may lead into this folder, beside its own (backing and data files).")
    private List<Path> follow = new ArrayList<>();

    @Option(
            names = "-T",
            paramLabel = "CACHE",
            defaultValue = "writeback",
            description = "Cache mode of the image (default: writeback).")
    private String cache;

    Optional<String> format() {
        return Optional.ofNullable(format);
    }

    List<Path> follow() {
        return follow;
    }

    CacheMode cache() {
        try {
            return CacheMode.of(cache);
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput("-T: " + e.getMessage(), e);
        }
    }

    BlockNodeSpec readOnly(String image) {
        return Images.spec(image, format(), true, cache(), follow);
    }

    BlockNodeSpec readOnly(String image, String snapshot) {
        return Images.spec(image, format(), true, cache(), follow, Optional.ofNullable(snapshot));
    }

    BlockNodeSpec writable(String image) {
        return Images.spec(image, format(), false, cache(), follow);
    }

    /** @throws HarnessException when the image is said to be of another format than qcow2 */
    Path qcow2(String image) {
        if (!"qcow2".equals(format)) {
            throw HarnessException.badInput("image " + image + ": only qcow2 images have that; say so with -f qcow2");
        }
        return Images.existing(image);
    }
}
