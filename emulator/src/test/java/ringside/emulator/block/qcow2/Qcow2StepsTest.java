package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.ffi.Errno;

/** Steps of the format that are stopped or broken at one place, with something else happening just there. */
@Timeout(60)
class Qcow2StepsTest {
    private static final int KIB = 1 << 10;

    @TempDir
    private Path folder;

    private HookedNode create(String options, String size) {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", options, "a.qcow2", size);
        try {
            return new HookedNode(Files.readAllBytes(folder.resolve("a.qcow2")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Qcow2Node open(HookedNode file) {
        return Qcow2Opener.open(
                Qcow2Spec.of(
                        new FileSpec(NodeFixture.raw(folder.resolve("a.qcow2"), CacheMode.WRITEBACK, AioKind.THREADS))),
                file);
    }

    private void requireClean(HookedNode file) throws IOException {
        Files.write(folder.resolve("a.qcow2"), file.memory.content());
        QemuTools.requireClean(folder, "a.qcow2");
    }

    private static MemorySegment filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return MemorySegment.ofArray(bytes);
    }

    private static byte[] read(Qcow2Node node, long offset, int length) {
        byte[] bytes = new byte[length];
        node.file().read(offset, MemorySegment.ofArray(bytes));
        return bytes;
    }

    /** One request ends in a stored subcluster, of which another one writes the rest in place meanwhile. */
    @Test
    void subclusterWrittenFromTwoSides_keepsBoth() throws Exception {
        HookedNode file = create("cluster_size=64k,extended_l2=on", "1M");
        try (NodeFixture fixture = new NodeFixture(open(file))) {
            Qcow2Node node = (Qcow2Node) fixture.node;
            node.file().write(2 * KIB, filled(2 * KIB, 1));
            CountDownLatch written = new CountDownLatch(1);
            CountDownLatch stopped = new CountDownLatch(1);
            long stored = node.status(2 * KIB, 512).hostOffsetBytes().orElseThrow() - 2 * KIB;
            HookedNode.Hook stop =
                    (offset, _) -> stop(offset >= stored && offset < stored + 64 * KIB, stopped, written);
            file.afterRead = stop;
            file.beforeWrite = stop;
            CompletableFuture<Void> first =
                    CompletableFuture.runAsync(() -> node.file().write(KIB, filled(2 * KIB, 2)));
            assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
            MemorySegment tail = fixture.buffer(512, 0).fill((byte) 3);
            assertThat(fixture.run(BlockOp.WRITE, 4 * KIB - 512, 512, tail)).isZero();
            written.countDown();
            first.get(30, TimeUnit.SECONDS);
            assertThat(read(node, KIB, 2 * KIB)).containsOnly(2);
            assertThat(read(node, 4 * KIB - 512, 512)).containsOnly(3);
        }
        requireClean(file);
    }

    private static void stop(boolean here, CountDownLatch stopped, CountDownLatch until) {
        if (here) {
            stopped.countDown();
            try {
                until.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The refcount table becomes longer than its place after write-back has looked at that. */
    @Test
    void refcountTableThatGrowsDuringWriteBack_isNotWrittenOverItsNeighbour() throws Exception {
        HookedNode file = create("cluster_size=512,refcount_bits=64", "16M");
        try (Qcow2Node node = open(file)) {
            AtomicInteger over = new AtomicInteger();
            node.file().write(0, filled(512, 1)); // a dirty slice, which write-back copies
            ReentrantLock slice = node.metadata().parts().locks().ofSlice(0);
            CompletableFuture<Void> flush;
            slice.lock();
            try {
                flush = CompletableFuture.runAsync(node.file()::flush);
                while (!slice.hasQueuedThreads()) {
                    Thread.onSpinWait();
                }
                int before = node.metadata().parts().refcounts().table().length;
                while (node.metadata().parts().refcounts().table().length == before) {
                    node.metadata().allocate(1);
                }
                int clusters = node.header().refcountTableClusters();
                long end = node.header().refcountTableOffsetBytes() + 512L * clusters;
                file.beforeWrite = (offset, length) -> {
                    if (offset < end && offset + length > end) {
                        over.incrementAndGet();
                    }
                };
            } finally {
                slice.unlock();
            }
            flush.get(30, TimeUnit.SECONDS);
            assertThat(over).as("writes across the end of the table").hasValue(0);
        }
    }

    /** The header cannot be written while the disk grows: the image goes on with what the header in the file says. */
    @Test
    void headerThatCannotBeWritten_leavesTheTablesThatItNames() throws Exception {
        HookedNode file = create("cluster_size=512", "1M");
        try (Qcow2Node node = open(file)) {
            node.file().write(0, filled(4096, 1));
            node.file().flush();
            failOnce(file, BlockEvent.L1_GROW_ACTIVATE_TABLE);
            assertThatThrownBy(() -> node.resize(8 << 20)).isInstanceOf(BlockIoException.class);
            node.file().write(512 * KIB, filled(4096, 2));
            node.file().flush();
        }
        try (Qcow2Node node = open(file)) {
            assertThat(read(node, 0, 4096)).containsOnly(1);
            assertThat(read(node, 512 * KIB, 4096)).containsOnly(2);
        }
    }

    /** The same when the header has arrived and only the flush behind it fails. */
    @Test
    void headerWhoseFlushFails_isWrittenAgainBeforeAnythingElse() throws Exception {
        HookedNode file = create("cluster_size=512", "1M");
        try (Qcow2Node node = open(file)) {
            node.file().write(0, filled(4096, 1));
            node.file().flush();
            file.beforeWrite = (offset, _) -> {
                if (offset == 0) {
                    failNextFlush(file);
                    file.beforeWrite = (_, _) -> {};
                }
            };
            assertThatThrownBy(() -> node.resize(8 << 20)).isInstanceOf(BlockIoException.class);
            node.file().write(512 * KIB, filled(4096, 2));
            node.file().flush();
        }
        try (Qcow2Node node = open(file)) {
            assertThat(node.lengthBytes()).isEqualTo(1 << 20);
            assertThat(read(node, 512 * KIB, 4096)).containsOnly(2);
        }
    }

    /** The same for the refcount table, which moves when the image has become large. */
    @Test
    void refcountTableThatCannotMove_staysWhereTheHeaderSays() throws Exception {
        HookedNode file = create("cluster_size=512,refcount_bits=64", "16M");
        AtomicInteger failures = new AtomicInteger();
        try (Qcow2Node node = open(file)) {
            failOnce(file, BlockEvent.REFBLOCK_ALLOC_SWITCH_TABLE);
            for (int at = 0; at < 3 << 20; at += 64 * KIB) {
                node.file().write(at, filled(64 * KIB, 1 + at / (64 * KIB) % 100));
                try {
                    node.file().flush();
                } catch (BlockIoException _) {
                    failures.incrementAndGet();
                }
            }
        }
        assertThat(failures).hasValue(1);
        Files.write(folder.resolve("a.qcow2"), file.memory.content());
        assertThat(QemuTools.check(folder, "a.qcow2")).doesNotContain("\"corruptions\"");
    }

    /** A long range is not held as a whole, which would take memory for each of its clusters. */
    @Test
    void longRangeOfZeroes_holdsFewClustersAtATime() throws Exception {
        HookedNode file = create("cluster_size=512", "16M");
        AtomicInteger held = new AtomicInteger();
        try (Qcow2Node node = open(file)) {
            node.file().write(0, filled(16 << 20, 1));
            long last = (16 << 20) / 512 - 1;
            file.listener = event -> {
                if (event == BlockEvent.CLUSTER_FREE) {
                    file.listener = _ -> {};
                    if (node.metadata().clusters().tryAcquire(last, last, () -> {})) {
                        node.metadata().clusters().release(last, last);
                    } else {
                        held.incrementAndGet();
                    }
                }
            };
            node.file().writeZeroes(0, 16 << 20, true);
            assertThat(held).as("the last cluster was held from the begin on").hasValue(0);
            assertThat(read(node, 0, 16 << 20)).containsOnly(0);
        }
        requireClean(file);
    }

    private static void failOnce(HookedNode file, BlockEvent wanted) {
        file.listener = event -> {
            if (event == wanted) {
                file.listener = _ -> {};
                failNextFlush(file);
            }
        };
    }

    private static void failNextFlush(HookedNode file) {
        file.beforeFlush = () -> {
            file.beforeFlush = () -> {};
            throw new BlockIoException(Errno.EIO, "made to fail");
        };
    }
}
