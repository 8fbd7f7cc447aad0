package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.InvalidImageException;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.ffi.Errno;

/**
 * Metadata that contradict themselves: the write fails, the image is marked, and nothing but the mark is changed. In the
 * manner of QEMU's iotests 060 and 138.
 */
class Qcow2CorruptionTest {
    private static final int CLUSTER = 64 << 10;
    private static final int REFCOUNT_TABLE = CLUSTER;
    private static final int REFCOUNT_BLOCK = 2 * CLUSTER;
    private static final int L1 = 3 * CLUSTER;
    private static final int L2 = 4 * CLUSTER;
    private static final long COPIED = 1L << 63;
    private static final int INCOMPATIBLE = 72;
    private static final int FEATURES_END = 80;
    private static final long CORRUPT = 2;

    @TempDir
    private Path folder;

    private Path image;

    @BeforeEach
    void make() {
        image = folder.resolve("a.qcow2");
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "a.qcow2", "64M");
        QemuTools.io(folder, "-f", "qcow2", "-c", "write -P 1 0 256k", "a.qcow2");
    }

    /** The L2 entry of the first cluster leads to this place, as if it were the guest's. */
    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3", "4"})
    void writeInPlaceOverMetadata_isRefusedOnTheLoopAndInCalls(int cluster) throws IOException {
        if (cluster == 0) {
            poke(L2 + 8, COPIED | 1L << 55); // far away, refcount 0: harmless, must not be confused with the header
        }
        poke(L2, COPIED | (long) cluster * CLUSTER);
        if (cluster == 0) {
            return; // offset 0 stands for: not allocated
        }
        requireRefusedWrite(0, 4096);
        requireRefusedWrite(0, CLUSTER);
    }

    @Test
    void discardOfMetadata_isRefused() throws IOException {
        poke(L2, COPIED | REFCOUNT_BLOCK);
        requireOnlyMarked(node -> node.file().discard(0, CLUSTER));
    }

    @Test
    void zeroesOverMetadata_areRefused() throws IOException {
        poke(L2, COPIED | L1);
        requireOnlyMarked(node -> node.file().writeZeroes(0, CLUSTER, true));
    }

    @Test
    void copyOnWriteOfMetadata_isRefused() throws IOException {
        poke(L2, L2);
        requireOnlyMarked(node -> node.file().write(0, bytes(512)));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3"})
    void metadataThatAreSaidToBeFree_areNotAllocated(int cluster) throws IOException {
        pokeShort(REFCOUNT_BLOCK + 2L * cluster, 0);
        requireOnlyMarked(node -> node.file().write(32 << 20, bytes(CLUSTER)));
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void l2TableOnOtherMetadata_isNotChanged(int cluster) throws IOException {
        poke(L1, COPIED | (long) cluster * CLUSTER);
        requireOnlyMarked(node -> node.file().write(1 << 20, bytes(CLUSTER)));
    }

    @Test
    void l2TableBesideClusters_isNotUsed() throws IOException {
        poke(L1, COPIED | L2 + 512);
        requireOnlyMarked(node -> node.file().write(0, bytes(512)));
        requireOnlyMarked(node -> node.file().read(0, bytes(512)));
    }

    @Test
    void dataBesideClusters_areNotUsed() throws IOException {
        poke(L2, COPIED | 5 * CLUSTER + 512);
        requireRefusedWrite(0, 512);
        requireOnlyMarked(node -> node.file().read(0, bytes(512)));
    }

    @ParameterizedTest
    @CsvSource({"66048", "196608", "262144"})
    void refcountBlockElsewhere_isNotUsed(long offset) throws IOException {
        poke(REFCOUNT_TABLE, offset);
        requireOnlyMarked(node -> node.file().write(32 << 20, bytes(CLUSTER)));
    }

    /** No table, whatever the bits beside its offset say (QEMU masks them, too). */
    @ParameterizedTest
    @CsvSource({"-9223372036854775808", "1", "4611686018427387904"})
    void l1EntryWithoutOffset_mapsNothing_andIsReplaced(long entry) {
        poke(L1, entry);
        try (BlockNode node = open()) {
            MemorySegment into = bytes(512);
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> node.file().read(0, into));
            assertThat(into.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 511)).isZero();
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> node.file().write(0, bytes(512)));
            node.file().read(0, into);
            assertThat(into.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 511)).isEqualTo((byte) 7);
        }
    }

    /** A refcount block that the table does not name is made anew, but never on top of other metadata. */
    @Test
    void missingRefcountBlock_isNotMadeOverMetadata() throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", "cluster_size=512", "a.qcow2", "1M");
        QemuTools.io(folder, "-f", "qcow2", "-c", "write -P 1 0 192k", "a.qcow2");
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(image));
        int refcountTable = (int) all.getLong(48);
        int second = 256 * 512; // first cluster that the second block describes, where we would make it anew
        int l1 = (int) all.getLong(40);
        int table = (int) (all.getLong(l1) & ~COPIED);
        ByteBuffer content =
                ByteBuffer.wrap(Files.readAllBytes(image), table, 512).slice();
        poke(second, content);
        poke(l1, COPIED | second);
        poke(refcountTable + 8, 0);
        requireOnlyMarked(node -> node.file().write(900 << 10, bytes(512)));
    }

    @Test
    void tablesOnTopOfOneAnother_areNotOpenedForWriting() throws IOException {
        poke(40, REFCOUNT_TABLE);
        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("on top of one another")
                .hasMessageContaining("check -r all");
    }

    @Test
    void markedImage_isOnlyRead() throws IOException {
        poke(INCOMPATIBLE, CORRUPT);
        assertThatThrownBy(this::open).hasMessageContaining("marked corrupt");
        Qcow2Spec spec = Qcow2Spec.of(new FileSpec(NodeFixture.raw(image, CacheMode.WRITEBACK, AioKind.THREADS)))
                .with(Qcow2Options.DEFAULT.asReadOnly());
        try (BlockNode node = BlockNodes.open(spec)) {
            MemorySegment into = bytes(512);
            node.file().read(0, into);
            assertThat(into.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 511)).isEqualTo((byte) 1);
        }
    }

    private interface Step {
        void on(BlockNode node);
    }

    /** The step fails, and so does every write after it; what was in the file is as before but for the mark. */
    private void requireOnlyMarked(Step step) throws IOException {
        poke(INCOMPATIBLE, 0);
        byte[] before = Files.readAllBytes(image);
        try (BlockNode node = open()) {
            assertThatThrownBy(() -> step.on(node))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("corrupt");
            assertThatThrownBy(() -> node.file().write(48 << 20, bytes(512))).isInstanceOf(BlockIoException.class);
            assertThatThrownBy(() -> node.file().flush()).isInstanceOf(BlockIoException.class);
        }
        requireMarked(before);
    }

    private void requireRefusedWrite(long offset, int length) throws IOException {
        requireOnlyMarked(node -> node.file().write(offset, bytes(length)));
        poke(INCOMPATIBLE, 0);
        byte[] before = Files.readAllBytes(image);
        try (NodeFixture fixture = new NodeFixture(open())) {
            int error = fixture.run(BlockOp.WRITE, offset, length, fixture.buffer(length, 0));
            assertThat(error).isEqualTo(Errno.EIO);
            assertThat(fixture.run(BlockOp.FLUSH, 0, 0)).isEqualTo(Errno.EIO);
        }
        requireMarked(before);
    }

    private void requireMarked(byte[] before) throws IOException {
        byte[] after = Files.readAllBytes(image);
        assertThat(ByteBuffer.wrap(after).getLong(INCOMPATIBLE)).isEqualTo(CORRUPT);
        Arrays.fill(before, INCOMPATIBLE, FEATURES_END, (byte) 0);
        Arrays.fill(after, INCOMPATIBLE, FEATURES_END, (byte) 0);
        int different = Arrays.mismatch(before, 0, before.length, after, 0, before.length);
        assertThat(different).as("first byte that was changed").isEqualTo(-1);
    }

    private BlockNode open() {
        return BlockNodes.open(
                Qcow2Spec.of(new FileSpec(NodeFixture.raw(image, CacheMode.WRITEBACK, AioKind.THREADS))));
    }

    private static MemorySegment bytes(int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 7);
        return MemorySegment.ofArray(content);
    }

    private void poke(long at, long value) {
        poke(at, ByteBuffer.allocate(8).putLong(0, value));
    }

    private void pokeShort(long at, int value) {
        poke(at, ByteBuffer.allocate(2).putShort(0, (short) value));
    }

    private void poke(long at, ByteBuffer value) {
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
            channel.write(value, at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
