package ringside.emulator.block.qcow2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.Bottom;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.InvalidImageException;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/**
 * Where names inside an image may lead: into the folder of the image, and into those that the user named. A guest, or whoever
 * made the image, must not choose which of the host's files are opened (CVE-2008-2004 and its kin).
 */
final class ImagePaths {
    private static final int MAX_DEPTH = 200;

    private final Optional<BlockNodeSpec.Raw> image;
    private final Qcow2Options options;
    private final List<Path> chain;

    private ImagePaths(Optional<BlockNodeSpec.Raw> image, Qcow2Options options, List<Path> chain) {
        this.image = image;
        this.options = options;
        this.chain = chain;
    }

    static ImagePaths of(Qcow2Spec spec) {
        return of(spec, List.of());
    }

    private static ImagePaths of(Qcow2Spec spec, List<Path> above) {
        Optional<BlockNodeSpec.Raw> image = Bottom.of(spec.file());
        List<Path> chain = new ArrayList<>(above);
        image.map(raw -> real(raw.file())).ifPresent(path -> {
            if (chain.contains(path)) {
                throw new InvalidImageException(path.toString(), "is its own backing file, directly or by others");
            }
            chain.add(path);
        });
        if (chain.size() > MAX_DEPTH) {
            throw new InvalidImageException(
                    chain.getFirst().toString(), "has more than " + MAX_DEPTH + " backing files behind one another");
        }
        return new ImagePaths(image, spec.options(), chain);
    }

    /** The same for a backing image. */
    ImagePaths next(Qcow2Spec backing) {
        return of(backing, chain);
    }

    /** The image's name for messages. */
    String name() {
        return image.map(raw -> raw.file().toString()).orElse("qcow2");
    }

    BlockNodeSpec backing(Qcow2Header header) {
        String format = header.backingFormat()
                .orElseThrow(() -> new InvalidImageException(
                        name(),
                        "does not say the format of its backing file '%s', which is never guessed: name it with ringside"
                                        .formatted(
                                                printable(header.backingFile().orElseThrow()))
                                + " image rebase -u -F FORMAT, or give backing=... yourself"));
        FileSpec file = follow(header.backingFile().orElseThrow(), "backing file", true);
        return switch (format) {
            case "raw", "file" -> file;
            case "qcow2" -> new Qcow2Spec(file, new Qcow2Backing.FromImage(), Optional.empty(), options.forBacking());
            default ->
                throw new InvalidImageException(
                        name(),
                        "has a backing file of format '" + printable(format) + "': only raw and qcow2 are served");
        };
    }

    BlockNodeSpec dataFile(Optional<String> named) {
        String file = named.orElseThrow(
                () -> new InvalidImageException(name(), "does not name its external data file: give data-file=..."));
        return follow(file, "external data file", options.readOnly());
    }

    private FileSpec follow(String named, String what, boolean readOnly) {
        String local = named.startsWith("file:") ? named.substring("file:".length()) : named;
        Path folder = image.map(raw -> raw.file().toAbsolutePath().getParent())
                .orElseThrow(() -> new InvalidImageException(
                        name(), "is not in a file, so its " + what + " '" + named + "' must be given explicitly"));
        if (local.matches("(?s)[a-zA-Z][a-zA-Z0-9+.-]+:.*") || local.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidImageException(
                    name(), "names '" + printable(named) + "' as its " + what + ": give it explicitly");
        }
        Path path = real(folder.resolve(local));
        List<Path> allowed = new ArrayList<>(options.followPaths());
        allowed.add(folder);
        if (allowed.stream().noneMatch(a -> path.startsWith(real(a)))) {
            throw new InvalidImageException(
                    name(),
                    "names '%s' as its %s, which is outside its folder: allow that with follow-paths=%s"
                            .formatted(printable(named), what, path.getParent()));
        }
        BlockNodeSpec.Raw raw = image.orElseThrow();
        CacheMode cache = raw.cache();
        AioKind aio = raw.aio();
        return new FileSpec(new BlockNodeSpec.Raw(path, cache, aio, raw.aioFallback(), readOnly, true, raw.uring()));
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize(); // opening it will say what is wrong
        }
    }
}
