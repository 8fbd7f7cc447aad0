package ringside.harness.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.PeerException;
import ringside.harness.HarnessException;
import ringside.harness.blockdev.Blockdev;
import ringside.harness.blockdev.NodeFiles;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultJson;
import ringside.harness.suite.Units;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.vhostuser.VhostUserTargetSpec;
import ringside.workloads.target.vhostuser.VhostUserTargets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a server in a process of its own under verify load, kills it now and then, and says what was wrong. Everything it
 * makes is in a scratch folder that the caller removes.
 */
public final class SoakRun {
    private static final String SCRATCH_BYTES = "64M";
    private static final int MOST_BLOCKS_PER_QUEUE = 4096;
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(15);
    private static final double NS_PER_S = 1e9;

    private final SoakOptions options;
    private final Path stats;
    private final Path socket;
    private final String blockdevText;
    private final BlockNodeSpec node;
    private final SoakServer server;
    private final List<ServerUse> lives = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final SoakLane.Patience patience;
    private int kills;

    private SoakRun(SoakOptions options, Path folder, SoakLane.Patience patience) {
        this.options = options;
        this.patience = patience;
        this.stats = folder.resolve("stats.json");
        this.socket = folder.resolve("s");
        this.blockdevText = options.blockdev().orElseGet(() -> scratchImage(folder));
        this.node = Blockdev.parse(blockdevText).spec();
        this.server = new SoakServer(arguments(), folder.resolve("server.log"));
    }

    private static String scratchImage(Path folder) {
        Path image = folder.resolve("scratch.raw");
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), Units.bytes(SCRATCH_BYTES) - 1);
        } catch (IOException e) {
            throw HarnessException.environment("cannot make " + image + ": " + AtomicFiles.reason(e), e);
        }
        return "driver=raw,file=" + image.toString().replace(",", ",,");
    }

    private List<String> arguments() {
        return List.of(
                "--socket",
                socket.toString(),
                "--blockdev",
                blockdevText,
                "--queues",
                Integer.toString(options.queues()),
                "--queue-size",
                Integer.toString(SoakOptions.QUEUE_SIZE),
                "--iothreads",
                Integer.toString(options.iothreads()),
                "--stats",
                stats.toString());
    }

    /**
     * Runs a soak. Its findings are in the result; only what keeps it from beginning is thrown.
     *
     * @param folder empty, for image, socket and messages
     * @param console gets a line now and then
     * @throws HarnessException when the server does not come up
     */
    public static SoakResult run(SoakOptions options, Path folder, Consumer<String> console) {
        return run(options, folder, console, SoakLane.Patience.DEFAULT);
    }

    /** With another patience: a test must not fail because its machine is busy. */
    static SoakResult run(SoakOptions options, Path folder, Consumer<String> console, SoakLane.Patience patience) {
        SoakRun run = new SoakRun(options, folder, patience);
        try (run.server) {
            run.server.start();
            console.accept(run.server.ready());
            SoakResult result = run.underLoad(console);
            options.json().ifPresent(file -> AtomicFiles.write(file, ResultJson.write(result)));
            return result;
        }
    }

    private SoakResult underLoad(Consumer<String> console) {
        long startNs = System.nanoTime();
        List<SoakLane> lanes;
        try (VhostUserTargets targets = VhostUserTargets.connect(spec())) {
            lanes = lanes(targets);
            List<Thread> threads = lanes.stream()
                    .map(lane -> Thread.ofPlatform()
                            .name("soak" + lanes.indexOf(lane))
                            .start(lane))
                    .toList();
            supervise(lanes, startNs, console);
            lanes.forEach(SoakLane::stop);
            threads.forEach(SoakRun::join);
        } catch (NativeException | PeerException e) {
            throw HarnessException.environment("the load cannot begin or end: " + e.getMessage(), e);
        }
        double timeS = (System.nanoTime() - startNs) / NS_PER_S;
        stopServer();
        return result(lanes, timeS);
    }

    private VhostUserTargetSpec spec() {
        VhostUserTargetSpec simple = VhostUserTargetSpec.of(socket, options.queues());
        long buffers = 2L * options.queues() * SoakOptions.QUEUE_SIZE * VerifiedBlocks.BLOCK_BYTES;
        return new VhostUserTargetSpec(
                socket,
                options.queues(),
                SoakOptions.QUEUE_SIZE,
                true,
                true,
                true,
                simple.memoryBytes() + buffers,
                false,
                0,
                0,
                new VhostUserTargetSpec.Timeouts(CONNECT_NS, CONNECT_NS, CONNECT_NS));
    }

    private List<SoakLane> lanes(VhostUserTargets targets) {
        long share = targets.capacityBytes() / options.queues() / VerifiedBlocks.BLOCK_BYTES;
        int blocks = (int) Math.min(share, MOST_BLOCKS_PER_QUEUE);
        if (blocks < options.depth()) {
            throw HarnessException.badInput("the disk is too small for " + options.queues() + " queues of depth "
                    + options.depth() + ": take a larger one, or a smaller --depth");
        }
        return IntStream.range(0, options.queues())
                .mapToObj(q -> {
                    IoTarget target = targets.open(0, q, q);
                    return new SoakLane(
                            target,
                            targets.haltPolicy(q),
                            new VerifiedBlocks(q * share * VerifiedBlocks.BLOCK_BYTES, blocks),
                            options.depth(),
                            SplitMix64.derive(options.seed(), q),
                            verified(),
                            patience);
                })
                .toList();
    }

    private boolean verified() {
        boolean losesUnflushed = options.killEveryNs() > 0 && NodeFiles.holdsMetadata(node);
        return NodeFiles.keepsData(node) && !losesUnflushed;
    }

    /** Samples, kills and restarts until the time is over or there is nothing left to watch. */
    private void supervise(List<SoakLane> lanes, long startNs, Consumer<String> console) {
        long killNs = options.killEveryNs() == 0 ? Long.MAX_VALUE : options.killEveryNs();
        long lifeNs = startNs;
        lives.add(new ServerUse());
        for (long now = startNs; now - startNs < options.timeNs(); now = System.nanoTime()) {
            LockSupport.parkNanos(SAMPLE_NS);
            if (!server.isAlive() || lanes.stream().anyMatch(lane -> lane.failure() != null)) {
                return;
            }
            double atS = (now - startNs) / NS_PER_S;
            server.use().ifPresent(use -> lives.getLast().add(atS, use));
            if (now - lifeNs >= killNs) {
                server.kill();
                server.start();
                lanes.forEach(SoakLane::servedAnew);
                kills++;
                lives.add(new ServerUse());
                lifeNs = System.nanoTime();
                console.accept("killed and replaced after "
                        + lanes.stream().mapToLong(SoakLane::requests).sum() + " requests");
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopServer() {
        boolean alive = server.isAlive();
        int code = server.stop();
        if (!alive || server.diedByItself()) {
            problems.add("the server ended by itself with exit code " + code + ": " + server.lastMessage());
        } else if (code != 0) {
            problems.add("the server did not stop cleanly: exit code " + code + ": " + server.lastMessage());
        }
    }

    private SoakResult result(List<SoakLane> lanes, double timeS) {
        SoakCounts load =
                lanes.stream().map(SoakLane::counts).reduce(new SoakCounts(0, 0, 0, 0, 0, 0, 0), SoakCounts::plus);
        checkImage(lanes);
        long verifyErrors =
                lanes.stream().mapToLong(lane -> lane.blocks().errors()).sum();
        ServerGrowth growth = lives.stream()
                .max(Comparator.comparingInt(ServerUse::size))
                .map(ServerUse::growth)
                .orElseThrow();
        judge(lanes, load, verifyErrors, growth);
        JsonNode last = lastStats();
        return new SoakResult(
                SoakResult.SCHEMA_VERSION,
                server.ready(),
                timeS,
                options.queues(),
                options.depth(),
                options.seed(),
                load,
                verified(),
                verifyErrors,
                kills,
                growth,
                last.path("gc_count").asLong(0),
                last.path("max_pause_ms").asLong(0),
                problems);
    }

    /** Nobody serves the image any more: what was acknowledged must be in it. */
    private void checkImage(List<SoakLane> lanes) {
        if (!verified()) {
            return;
        }
        switch (node) {
            case BlockNodeSpec.Raw raw -> checkRaw(raw, lanes);
            case BlockNodeSpec.Zoned zoned -> zoned.image().ifPresent(raw -> checkRaw(raw, lanes));
            default -> checkNode(lanes);
        }
    }

    private void checkRaw(BlockNodeSpec.Raw raw, List<SoakLane> lanes) {
        try (FileChannel image = FileChannel.open(raw.file(), StandardOpenOption.READ)) {
            for (SoakLane lane : lanes) {
                lane.blocks().checkImage(image);
            }
        } catch (IOException e) {
            problems.add("the image cannot be read afterwards: " + AtomicFiles.reason(e));
        }
    }

    /** Through the nodes, because nothing else knows where their data is. */
    private void checkNode(List<SoakLane> lanes) {
        try (BlockNode opened = BlockNodes.open(node)) {
            for (SoakLane lane : lanes) {
                lane.blocks().checkNode(opened.file());
            }
        } catch (IllegalArgumentException | BlockIoException e) {
            problems.add("the disk cannot be read afterwards: " + HarnessException.oneLine(e.getMessage()));
        }
    }

    private void judge(List<SoakLane> lanes, SoakCounts load, long verifyErrors, ServerGrowth growth) {
        lanes.stream()
                .filter(lane -> lane.failure() != null)
                .forEach(lane -> problems.add("the load ended early: "
                        + HarnessException.oneLine(lane.failure().getMessage())));
        wrong(verifyErrors > 0, verifyErrors + " blocks are wrong; the first: " + firstProblem(lanes));
        wrong(load.failed() > 0, load.failed() + " requests failed");
        wrong(
                load.stuck() > 0,
                load.stuck() + " requests took longer than " + TimeUnit.NANOSECONDS.toSeconds(patience.stuckNs())
                        + " s");
        wrong(load.lost() > 0, load.lost() + " requests did not come back");
        wrong(load.reads() + load.writes() == 0, "not one request was answered");
        wrong(
                growth.leaksMemory(),
                "the server's own memory grew from " + growth.rssAnonStartKib() + " to " + growth.rssAnonEndKib()
                        + " KiB");
        wrong(
                growth.leaksDescriptors(),
                "the server's open files grew from " + growth.fdsStart() + " to " + growth.fdsEnd());
    }

    private void wrong(boolean is, String what) {
        if (is) {
            problems.add(what);
        }
    }

    private static String firstProblem(List<SoakLane> lanes) {
        return lanes.stream()
                .map(lane -> lane.blocks().firstProblem())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private JsonNode lastStats() {
        try {
            return JsonMapper.shared().readTree(Files.readString(stats));
        } catch (IOException | JacksonException e) {
            problems.add("the server left no statistics: " + HarnessException.oneLine(e.getMessage()));
            return JsonMapper.shared().createObjectNode();
        }
    }
}
