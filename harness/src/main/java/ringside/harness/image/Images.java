package ringside.harness.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.ffi.NativeException;
import ringside.harness.HarnessException;
import ringside.harness.blockdev.Blockdev;

/** Opens images by path and format, or by a graph; every failure is one line. */
final class Images {
    private Images() {}

    /** The file under an image. */
    static FileSpec file(Path path, boolean readOnly, CacheMode cache) {
        return new FileSpec(new BlockNodeSpec.Raw(path, cache, AioKind.THREADS, false, readOnly, true));
    }

    /**
     * How to open an image.
     *
     * @param format {@code raw}, {@code qcow2}, or empty for a graph in --blockdev's syntax
     * @param follow folders into which names inside the image may lead, beside its own
     */
    static BlockNodeSpec spec(
            String image, Optional<String> format, boolean readOnly, CacheMode cache, List<Path> follow) {
        return spec(image, format, readOnly, cache, follow, Optional.empty());
    }

    /** The same for an internal snapshot. */
    static BlockNodeSpec spec(
            String image,
            Optional<String> format,
            boolean readOnly,
            CacheMode cache,
            List<Path> follow,
            Optional<String> snapshot) {
        if (isGraph(image)) {
            return guarded(image, () -> Blockdev.parse(image).spec());
        }
        String named = format.orElseThrow(() ->
                HarnessException.badInput("image " + image + ": name its format with -f raw or -f qcow2; it is never"
                        + " guessed, because a guest can write what it likes into a raw disk"));
        return switch (named) {
            case "raw" -> file(existing(image), readOnly, cache);
            case "qcow2" -> qcow2(existing(image), readOnly, cache, follow, snapshot);
            default -> throw HarnessException.badInput("unknown format '" + named + "': use raw or qcow2");
        };
    }

    /** Whether an image is named by a graph in --blockdev's syntax. */
    static boolean isGraph(String image) {
        return image.startsWith("driver=") || image.startsWith("{");
    }

    static Qcow2Spec qcow2(Path path, boolean readOnly, CacheMode cache, List<Path> follow, Optional<String> snapshot) {
        Qcow2Options d = Qcow2Options.DEFAULT;
        return Qcow2Spec.of(file(path, readOnly, cache))
                .with(new Qcow2Options(
                        readOnly,
                        true,
                        d.lazyRefcounts(),
                        d.caches(),
                        d.overlapCheck(),
                        d.locking(),
                        d.continuation(),
                        snapshot,
                        follow));
    }

    /** Opens a node and does something with it. */
    static <T> T with(BlockNodeSpec spec, Function<BlockNode, T> use) {
        return guarded(spec.driver(), () -> {
            try (BlockNode node = BlockNodes.open(spec)) {
                return use.apply(node);
            }
        });
    }

    /** What can fail. */
    interface Action<T> {
        T run();
    }

    /** Turns the block layer's errors into one line for the user. */
    static <T> T guarded(String what, Action<T> action) {
        try {
            return action.run();
        } catch (BlockIoException | NativeException e) {
            throw HarnessException.environment(oneLine(what, e));
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput(oneLine(what, e));
        }
    }

    private static String oneLine(String what, RuntimeException e) {
        String message = HarnessException.oneLine(e.getMessage() == null ? e.toString() : e.getMessage());
        boolean nameless = what.startsWith("image ") && !message.startsWith("image ");
        return e.getMessage() == null || nameless ? what + ": " + message : message;
    }

    /** @throws HarnessException when there is no such file */
    static Path existing(String image) {
        Path path = Path.of(image);
        if (!Files.exists(path)) {
            throw HarnessException.badInput("image " + image + ": does not exist");
        }
        return path;
    }
}
