package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.Qcow2Snapshots;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CheckResult;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Check;
import ringside.emulator.block.qcow2.tool.Qcow2Create;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.PeerException;
import ringside.workloads.target.vhostuser.VhostUserTargetSpec;
import ringside.workloads.target.vhostuser.VhostUserTargets;

/**
 * kill -9 of a server of a qcow2 image while it works: what a FLUSH acknowledged is there, every block is one that was
 * written, and the image has no corruption. Each life of a server goes on with the image that the last one left behind. More
 * with {@code scripts/block-proof kill}.
 */
class KilledQcow2Test {
    private static final int KILLS = Integer.getInteger("ringside.kill.kills", 7);
    private static final int KILLS_PER_IMAGE = 10;
    private static final long DISK_BYTES = 16L << 20;
    private static final int MOST_REQUESTS = 2000;

    /** Kinds of images whose metadata are kept in different ways. */
    private enum Kind {
        DEFAULT(64 << 10, false, false),
        SMALL_CLUSTERS(4 << 10, false, false),
        TINY_CLUSTERS(512, false, false),
        LAZY_REFCOUNTS(64 << 10, true, false),
        SUBCLUSTERS(64 << 10, false, true),
        OVERLAY(64 << 10, false, false),
        SNAPSHOT(16 << 10, false, false);

        final int clusterBytes;
        final boolean lazy;
        final boolean extended;

        Kind(int clusterBytes, boolean lazy, boolean extended) {
            this.clusterBytes = clusterBytes;
            this.lazy = lazy;
            this.extended = extended;
        }
    }

    /** A killed process loses nothing of what the kernel has, so the image may be in memory. */
    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    private final Random random = new Random(Long.getLong("ringside.kill.seed", 1));
    private long flushes;
    private long writes;
    private long torn;

    @Test
    void imageOfKilledServer_hasWhatWasFlushedAndNoCorruption() throws IOException {
        int kills = 0;
        while (kills < KILLS) {
            Kind kind = Kind.values()[kills / KILLS_PER_IMAGE % Kind.values().length];
            int here = Math.min(KILLS_PER_IMAGE, KILLS - kills);
            if (KILLS <= Kind.values().length) {
                kind = Kind.values()[kills];
                here = 1;
            }
            killSome(kind, here);
            kills += here;
        }
        System.out.println("kill: " + kills + " servers killed, " + writes + " writes and " + flushes
                + " flushes acknowledged before; " + torn + " blocks torn between sectors, none that a flush covered");
        assertThat(writes).isPositive();
    }

    private void killSome(Kind kind, int times) throws IOException {
        Path image = folder.resolve(kind + ".qcow2");
        make(kind, image);
        FlushedBlocks blocks = new FlushedBlocks((int) (DISK_BYTES / FlushedBlocks.BLOCK_BYTES));
        for (int life = 0; life < times; life++) {
            liveAndDie(image, blocks);
            String name = kind + ", life " + life;
            if (!kind.lazy) {
                CheckResult check = check(image);
                assertThat(check.corruptions())
                        .as("%s: %s", name, check.messages())
                        .isZero();
            }
            try (BlockNode node = BlockNodes.open(spec(image))) {
                blocks.verify(node.file(), name); // with lazy refcounts, opening has repaired it
            }
            assertThat(check(image).corruptions()).as(name).isZero();
        }
        writes += blocks.writes();
        flushes += blocks.flushes();
        torn += blocks.torn();
        Files.delete(image);
    }

    private void make(Kind kind, Path image) throws IOException {
        CreateOptions options = new CreateOptions(
                DISK_BYTES,
                3,
                kind.clusterBytes,
                16,
                kind.lazy,
                kind.extended,
                CreateOptions.Preallocation.OFF,
                CompressionType.ZLIB,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        if (kind == Kind.OVERLAY) {
            Path base = folder.resolve("base.raw");
            Files.write(base, new byte[(int) DISK_BYTES / 2]);
            options = options.withBacking("base.raw", "raw");
        }
        Files.deleteIfExists(image);
        Files.createFile(image);
        try (BlockNode file = BlockNodes.open(file(image))) {
            Qcow2Create.create(file.file(), Optional.empty(), options);
        }
        if (kind == Kind.SNAPSHOT) {
            try (Qcow2Snapshots snapshots = Qcow2Snapshots.open(spec(image))) {
                snapshots.create("before");
            }
        }
    }

    private static FileSpec file(Path image) {
        return new FileSpec(new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, true));
    }

    private static Qcow2Spec spec(Path image) {
        return Qcow2Spec.of(file(image));
    }

    private static CheckResult check(Path image) {
        try (BlockNode file = BlockNodes.open(file(image))) {
            return Qcow2Check.check(file.file(), image.toString(), Qcow2Check.Repair.NONE);
        }
    }

    private void liveAndDie(Path image, FlushedBlocks blocks) {
        Path socket = folder.resolve("s");
        List<String> arguments =
                new ArrayList<>(List.of("--socket", socket.toString(), "--blockdev", "driver=qcow2,file=" + image));
        try (SoakServer server = new SoakServer(arguments, folder.resolve("server.log"))) {
            server.start();
            int requests = 1 + random.nextInt(MOST_REQUESTS);
            load(VhostUserTargets.connect(VhostUserTargetSpec.of(socket, 1)), server, blocks, requests);
            assertThat(server.diedByItself()).as(server.lastMessage()).isFalse();
        }
    }

    private void load(VhostUserTargets targets, SoakServer server, FlushedBlocks blocks, int requests) {
        FlushLoad load = new FlushLoad(targets.open(0, 0, 0), targets.haltPolicy(0), blocks, random);
        load.run(requests);
        server.kill();
        try {
            targets.close();
        } catch (PeerException | NativeException _) {
            // There is nobody left to say goodbye to.
        }
    }
}
