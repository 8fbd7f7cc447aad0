package ringside.harness.serve;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.ZoneModel;
import ringside.harness.HarnessException;
import ringside.harness.blockdev.Blockdev;
import ringside.harness.blockdev.NodeFiles;

/**
 * What {@code ringside soak} was asked for.
 *
 * @param timeNs how long the load runs
 * @param blockdev option of the server, in its syntax; empty for a scratch image
 * @param allowWrites images whose contents may be lost
 * @param queues queues, one load thread each
 * @param iothreads IOThreads of the server
 * @param depth requests in flight per queue
 * @param killEveryNs how often the server is killed; 0 for never
 * @param seed of offsets and contents
 * @param json where the result goes
 */
public record SoakOptions(
        long timeNs,
        Optional<String> blockdev,
        List<Path> allowWrites,
        int queues,
        int iothreads,
        int depth,
        long killEveryNs,
        long seed,
        Optional<Path> json) {
    /** The server gets queues of this size; a request takes one entry. */
    static final int QUEUE_SIZE = 256;

    private static final long SHORTEST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_QUEUES = 64;

    public SoakOptions {
        allowWrites = List.copyOf(allowWrites);
        if (timeNs < SHORTEST_NS) {
            throw new IllegalArgumentException("--time must be at least 1s");
        }
        if (killEveryNs != 0 && killEveryNs < SHORTEST_NS) {
            throw new IllegalArgumentException("--kill-every must be at least 1s, or 0 for never");
        }
        if (queues < 1 || queues > MAX_QUEUES || iothreads < 1) {
            throw new IllegalArgumentException("--queues must be in 1.." + MAX_QUEUES + ", --iothreads at least 1");
        }
        if (depth < 1 || depth > QUEUE_SIZE) {
            throw new IllegalArgumentException("--depth must be in 1.." + QUEUE_SIZE + ", it is " + depth);
        }
        if (blockdev.isPresent()) {
            check(Blockdev.parse(blockdev.get()).spec(), allowWrites);
        }
    }

    private static void check(BlockNodeSpec node, List<Path> allowWrites) {
        if (node instanceof BlockNodeSpec.Zoned zoned && zoned.zones().model() == ZoneModel.HOST_MANAGED) {
            throw new IllegalArgumentException(
                    "--blockdev: a soak writes anywhere, which host-managed zones refuse: use zone-model=host-aware");
        }
        if (node.image().filter(BlockNodeSpec.Raw::readOnly).isPresent()) {
            throw new IllegalArgumentException("--blockdev: a soak writes: leave read-only=on away");
        }
        for (Path file : NodeFiles.written(node)) {
            if (!isAllowed(file, allowWrites)) {
                throw HarnessException.badInput("a soak overwrites " + file
                        + ": name it with --allow-writes as well, or leave --blockdev away for a scratch image");
            }
        }
    }

    private static boolean isAllowed(Path file, List<Path> allowWrites) {
        Path wanted = file.toAbsolutePath().normalize();
        return allowWrites.stream()
                .anyMatch(path -> path.toAbsolutePath().normalize().equals(wanted));
    }
}
