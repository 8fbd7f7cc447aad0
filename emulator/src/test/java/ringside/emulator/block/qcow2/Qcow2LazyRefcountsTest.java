package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;

/** The dirty bit and what it stands for, in the manner of QEMU's iotest 039; and internal snapshots as disks. */
class Qcow2LazyRefcountsTest {
    private static final int INCOMPATIBLE = 72;
    private static final int DISK = 8 << 20;

    @TempDir
    private Path folder;

    @Test
    void flushedButNotClosed_isDirtyAndRepairedWhenOpenedAgain() throws IOException {
        QemuTools.img(
                folder, "create", "-q", "-f", "qcow2", "-o", "lazy_refcounts=on,cluster_size=4k", "a.qcow2", "8M");
        byte[] written = content(3, 1 << 20);
        try (BlockNode node = open("a.qcow2")) {
            assertThat(dirty("a.qcow2")).isFalse();
            node.file().write(4096, MemorySegment.ofArray(written));
            node.file().flush();
            assertThat(dirty("a.qcow2")).isTrue();
            Files.copy(folder.resolve("a.qcow2"), folder.resolve("crashed.qcow2"));
        }
        assertThat(dirty("a.qcow2")).isFalse();
        QemuTools.requireClean(folder, "a.qcow2");
        try (BlockNode node = open("crashed.qcow2")) {
            requireContent(node, 4096, written);
        }
        assertThat(dirty("crashed.qcow2")).isFalse();
        QemuTools.requireClean(folder, "crashed.qcow2");
        QemuTools.img(folder, "compare", "-q", "a.qcow2", "crashed.qcow2");
    }

    @Test
    void dirtyImage_isReadWithoutRepair() throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", "lazy_refcounts=on", "a.qcow2", "8M");
        try (BlockNode node = open("a.qcow2")) {
            node.file().write(0, MemorySegment.ofArray(content(1, 512)));
            node.file().flush();
            Files.copy(folder.resolve("a.qcow2"), folder.resolve("crashed.qcow2"));
        }
        byte[] before = Files.readAllBytes(folder.resolve("crashed.qcow2"));
        try (BlockNode node = BlockNodes.open(spec("crashed.qcow2").with(Qcow2Options.DEFAULT.asReadOnly()))) {
            requireContent(node, 0, content(1, 512));
        }
        assertThat(Files.readAllBytes(folder.resolve("crashed.qcow2"))).isEqualTo(before);
    }

    @Test
    void snapshot_isOpenedByIdAndByName() throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "a.qcow2", Integer.toString(DISK));
        byte[] first = content(1, 300_000);
        try (BlockNode node = open("a.qcow2")) {
            node.file().write(0, MemorySegment.ofArray(first));
        }
        QemuTools.img(folder, "snapshot", "-c", "before", "a.qcow2");
        try (BlockNode node = open("a.qcow2")) {
            node.file().write(100_000, MemorySegment.ofArray(content(2, 300_000)));
        }
        QemuTools.img(folder, "resize", "-q", "-f", "qcow2", "a.qcow2", "16M");
        for (String wanted : new String[] {"1", "before"}) {
            try (BlockNode node = BlockNodes.open(spec("a.qcow2").with(snapshot(wanted, true)))) {
                requireContent(node, 0, first);
                assertThat(node.lengthBytes()).isEqualTo(DISK);
                assertThat(node.readOnly()).isTrue();
            }
        }
        assertThatThrownBy(() -> BlockNodes.open(spec("a.qcow2").with(snapshot("after", true))))
                .hasMessageContaining("no snapshot 'after'");
        assertThatThrownBy(() -> BlockNodes.open(spec("a.qcow2").with(snapshot("before", false))))
                .hasMessageContaining("read-only=on");
        QemuTools.requireClean(folder, "a.qcow2");
    }

    private static Qcow2Options snapshot(String wanted, boolean readOnly) {
        Qcow2Options defaults = Qcow2Options.DEFAULT;
        return new Qcow2Options(
                readOnly,
                defaults.discardUnmap(),
                defaults.lazyRefcounts(),
                defaults.caches(),
                defaults.overlapCheck(),
                defaults.locking(),
                defaults.continuation(),
                java.util.Optional.of(wanted),
                defaults.followPaths());
    }

    private static void requireContent(BlockNode node, long at, byte[] expected) {
        byte[] read = new byte[expected.length];
        node.file().read(at, MemorySegment.ofArray(read));
        assertThat(Arrays.mismatch(read, expected)).isEqualTo(-1);
    }

    private static byte[] content(int seed, int length) {
        byte[] content = new byte[length];
        new java.util.Random(seed).nextBytes(content);
        return content;
    }

    private boolean dirty(String image) throws IOException {
        byte[] start = Files.readAllBytes(folder.resolve(image));
        return (ByteBuffer.wrap(start).getLong(INCOMPATIBLE) & 1) != 0;
    }

    private Qcow2Spec spec(String image) {
        return Qcow2Spec.of(new FileSpec(NodeFixture.raw(folder.resolve(image), CacheMode.WRITEBACK, AioKind.THREADS)));
    }

    private BlockNode open(String image) {
        return BlockNodes.open(spec(image));
    }
}
