package ringside.harness.blockdev;

import java.nio.file.Path;
import java.util.Optional;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.UringOptions;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;

/** The options of a host file: they may also stand at the nodes above it. */
final class FileOptions {
    private FileOptions() {}

    static FileSpec file(NodeOptions options, String path) {
        return new FileSpec(raw(options, path));
    }

    static BlockNodeSpec.Raw raw(NodeOptions options, String path) {
        CacheMode cache = cache(options);
        AioKind aio = options.inheritedValue("aio", AioKind.THREADS.label(), AioKind::of);
        boolean fallback = options.inheritedOn("aio-fallback", false);
        boolean readOnly = options.inheritedOn("read-only", false);
        boolean unmap = options.inheritedValue("discard", "ignore", FileOptions::unmap);
        UringOptions uring = new UringOptions(
                options.inheritedOn("sqpoll", false),
                options.inheritedOn("iopoll", false),
                options.inheritedOn("registered-buffers", false));
        try {
            return new BlockNodeSpec.Raw(Path.of(path), cache, aio, fallback, readOnly, unmap, uring);
        } catch (IllegalArgumentException e) {
            throw options.error(e.getMessage());
        }
    }

    /** {@code cache=MODE}, or QEMU's switches. */
    private static CacheMode cache(NodeOptions options) {
        Optional<String> mode = options.inherited("cache");
        Optional<String> direct = options.inherited("cache.direct");
        Optional<String> noFlush = options.inherited("cache.no-flush");
        Optional<String> writeback = options.inherited("cache.writeback");
        if (direct.isEmpty() && noFlush.isEmpty() && writeback.isEmpty()) {
            return options.inheritedValue("cache", CacheMode.WRITEBACK.label(), CacheMode::of);
        }
        if (mode.isPresent()) {
            throw options.error("cache=" + mode.get()
                    + " stands for the switches: leave cache.direct, cache.no-flush and" + " cache.writeback away");
        }
        boolean isDirect = options.inheritedOn("cache.direct", false);
        boolean ignoresFlushes = options.inheritedOn("cache.no-flush", false);
        boolean isWriteback = options.inheritedOn("cache.writeback", true);
        for (CacheMode candidate : CacheMode.values()) {
            if (candidate.direct() == isDirect
                    && candidate.noFlush() == ignoresFlushes
                    && candidate.writeback() == isWriteback) {
                return candidate;
            }
        }
        throw options.error(
                "cache.no-flush=on goes with neither cache.direct=on nor cache.writeback=off: leave one out");
    }

    static boolean unmap(String text) {
        return switch (text) {
            case "unmap", "on" -> true;
            case "ignore", "off" -> false;
            default -> throw new IllegalArgumentException("unknown mode '" + text + "': use unmap or ignore");
        };
    }
}
