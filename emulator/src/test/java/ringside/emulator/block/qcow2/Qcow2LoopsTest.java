package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.aio.AioEngines;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.TestLoop;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Caches;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Options.Continuation;
import ringside.emulator.block.Qcow2Options.Locking;
import ringside.emulator.block.Qcow2Options.OverlapCheck;
import ringside.emulator.block.Qcow2Spec;

/** Several loops on one image, each with its own blocks in clusters that all share, and with a metadata cache that is too small. */
class Qcow2LoopsTest {
    private static final int LOOPS = 4;
    private static final int DEPTH = 8;
    private static final int BLOCK = 4096;
    private static final int DISK = 16 << 20;
    private static final int BLOCKS = DISK / BLOCK / LOOPS;
    private static final int REQUESTS = 1500;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOCK_FREE_READS|CALLBACK|cluster_size=64k",
                "LOCK_FREE_READS|CALLBACK|cluster_size=4k",
                "LOCK_FREE_READS|CALLBACK|cluster_size=512",
                "LOCK_FREE_READS|CALLBACK|cluster_size=128k,extended_l2=on",
                "SHARDED|CALLBACK|cluster_size=4k",
                "IMAGE|CALLBACK|cluster_size=4k",
                "SHARDED|VIRTUAL_THREAD|cluster_size=4k"
            })
    void loopsOnSharedClusters_eachReadWhatTheyWrote(Locking locking, Continuation continuation, String options)
            throws Exception {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", options, "a.qcow2", Integer.toString(DISK));
        byte[] expected = new byte[DISK];
        try (BlockNode node = open(locking, continuation);
                ExecutorService threads = Executors.newFixedThreadPool(LOOPS)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < LOOPS; i++) {
                Lane lane = new Lane(node, i, expected);
                ends.add(threads.submit(lane));
            }
            for (Future<?> end : ends) {
                end.get();
            }
            byte[] all = new byte[DISK];
            node.file().read(0, MemorySegment.ofArray(all));
            assertThat(Arrays.mismatch(all, expected)).isEqualTo(-1);
        }
        requireSameInPeer(expected);
    }

    /** All workers wait for a cluster whose holder needs a table that has been evicted. */
    @Test
    void workersThatWait_doNotKeepTheHolderFromGoingOn() {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", "cluster_size=4k", "a.qcow2", "16M");
        try (NodeFixture fixture = new NodeFixture(open(Locking.LOCK_FREE_READS, Continuation.CALLBACK))) {
            MemorySegment block = fixture.buffer(BLOCK, 0).fill((byte) 3);
            for (int at = 0; at < DISK; at += 256 << 10) { // a slice of the cache maps so much
                fixture.node.file().write(at, block);
            }
            fixture.node.file().flush();
            byte[] one = new byte[1];
            fixture.node.file().read(BLOCK, MemorySegment.ofArray(one));
            NodeFixture.Request holder = fixture.request().segments(block).submit(BlockOp.WRITE, BLOCK, BLOCK);
            for (int i = 0; i < 16; i++) {
                fixture.request().segments().submit(BlockOp.WRITE_ZEROES, BLOCK + 512, 512);
            }
            for (int at = 256 << 10; at < DISK; at += 256 << 10) {
                fixture.node.file().read(at, MemorySegment.ofArray(one));
            }
            fixture.finish();
            assertThat(holder.error).isZero();
        }
        QemuTools.requireClean(folder, "a.qcow2");
    }

    private void requireSameInPeer(byte[] expected) throws IOException {
        QemuTools.requireClean(folder, "a.qcow2");
        QemuTools.img(folder, "convert", "-f", "qcow2", "-O", "raw", "a.qcow2", "a.raw");
        assertThat(Arrays.mismatch(Files.readAllBytes(folder.resolve("a.raw")), expected))
                .isEqualTo(-1);
    }

    private BlockNode open(Locking locking, Continuation continuation) {
        Qcow2Options options = new Qcow2Options(
                false,
                true,
                Optional.empty(),
                new Qcow2Caches(4096, 512, 0, 0, 0),
                OverlapCheck.CACHED,
                locking,
                continuation,
                Optional.empty(),
                List.of());
        FileSpec file = new FileSpec(NodeFixture.raw(folder.resolve("a.qcow2"), CacheMode.WRITEBACK, AioKind.THREADS));
        return BlockNodes.open(Qcow2Spec.of(file).with(options));
    }

    /** One loop with its blocks: every {@value #LOOPS}th of the disk. */
    private static final class Lane implements Runnable {
        private final BlockNode node;
        private final int index;
        private final byte[] expected;
        private final Random random;
        private final TestLoop loop = new TestLoop();
        private final List<Slot> slots = new ArrayList<>();
        private int pending;
        private int begun;

        Lane(BlockNode node, int index, byte[] expected) {
            this.node = node;
            this.index = index;
            this.expected = expected;
            this.random = new Random(index);
        }

        @Override
        public void run() {
            AioEngines engines = new AioEngines(loop, true);
            try (Arena arena = Arena.ofConfined();
                    BlockBackend backend = node.attach(engines)) {
                for (int i = 0; i < DEPTH; i++) {
                    slots.add(new Slot(arena.allocate(BLOCK, BLOCK), i));
                }
                while (begun < REQUESTS) {
                    slots.forEach(slot -> slot.begin(backend));
                    backend.commit();
                    loop.pollUntil(() -> pending < DEPTH / 2);
                }
                loop.pollUntil(() -> pending == 0);
            } finally {
                engines.close();
            }
        }

        /** A request at a time, on blocks that no other slot has. */
        private final class Slot {
            private final MemorySegment buffer;
            private final int index;
            private final BlockRequest request = new BlockRequest((_, error) -> ended(error));
            private boolean busy;
            private int at;

            Slot(MemorySegment buffer, int index) {
                this.buffer = buffer;
                this.index = index;
                request.segmentAddress = new long[] {buffer.address()};
                request.segmentBytes = new int[] {BLOCK};
            }

            void begin(BlockBackend backend) {
                if (busy) {
                    return;
                }
                busy = true;
                pending++;
                begun++;
                int block = random.nextInt(BLOCKS / DEPTH) * DEPTH + index;
                at = (block * LOOPS + Lane.this.index) * BLOCK;
                request.offsetBytes = at;
                request.lengthBytes = BLOCK;
                request.segmentCount = 1;
                request.fua = random.nextInt(50) == 0;
                choose();
                backend.submit(request);
            }

            private void choose() {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3, 4 -> {
                        request.op = BlockOp.WRITE;
                        byte[] data = new byte[BLOCK];
                        random.nextBytes(data);
                        buffer.copyFrom(MemorySegment.ofArray(data));
                        System.arraycopy(data, 0, expected, at, BLOCK);
                    }
                    case 5 -> {
                        request.op = BlockOp.WRITE_ZEROES;
                        request.mayUnmap = random.nextBoolean();
                        request.segmentCount = 0;
                        Arrays.fill(expected, at, at + BLOCK, (byte) 0);
                    }
                    case 6 -> {
                        request.op = random.nextInt(4) == 0 ? BlockOp.FLUSH : BlockOp.READ;
                        if (request.op == BlockOp.FLUSH) {
                            request.lengthBytes = 0;
                            request.offsetBytes = 0;
                            request.segmentCount = 0;
                        }
                    }
                    default -> request.op = BlockOp.READ;
                }
            }

            private void ended(int error) {
                busy = false;
                pending--;
                assertThat(error).isZero();
                if (request.op == BlockOp.READ) {
                    byte[] read = buffer.toArray(ValueLayout.JAVA_BYTE);
                    assertThat(Arrays.mismatch(read, 0, BLOCK, expected, at, at + BLOCK))
                            .as("loop %d, block at %d", Lane.this.index, at)
                            .isEqualTo(-1);
                }
            }
        }
    }
}
