package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CopyOnReadSpec;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;

class CopyOnReadNodeTest {
    private static final int BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private final byte[] backing = new byte[BYTES];
    private Qcow2Spec overlay;

    @BeforeEach
    void makeImages() throws IOException {
        new Random(3).nextBytes(backing);
        BlockNodeSpec.Raw base = FilterFixture.image(folder, "base", BYTES);
        Files.write(base.file(), backing);
        FileSpec file = FilterFixture.file(folder, "overlay");
        try (BlockNode node = BlockNodes.open(file)) {
            Qcow2Create.create(node.file(), Optional.empty(), CreateOptions.of(BYTES));
        }
        BlockNodeSpec.Raw readOnly = new BlockNodeSpec.Raw(base.file(), base.cache(), base.aio(), false, true, false);
        overlay = new Qcow2Spec(file, new Qcow2Backing.Node(readOnly), Optional.empty(), Qcow2Options.DEFAULT);
    }

    private byte[] expected(int offset, int length) {
        return Arrays.copyOfRange(backing, offset, offset + length);
    }

    private static boolean allocated(BlockNode node, long offset) {
        return node.status(offset, 512).allocated();
    }

    @Test
    void whatIsRead_isInTheImageAfterwards() {
        try (FilterFixture f = new FilterFixture(new CopyOnReadSpec(overlay))) {
            assertThat(allocated(f.node, 70_000)).isFalse();
            assertThat(f.read(69_632, 4096)).isEqualTo(expected(69_632, 4096));
            assertThat(allocated(f.node, 70_000)).isTrue();
            assertThat(allocated(f.node, 0)).isFalse();
            f.node.file().read(1, f.filled(10, 0));
            assertThat(allocated(f.node, 0)).isTrue();
        }
        try (BlockNode alone = BlockNodes.open(
                new Qcow2Spec(overlay.file(), new Qcow2Backing.None(), Optional.empty(), overlay.options()))) {
            assertThat(allocated(alone, 70_000)).isTrue();
        }
    }

    @Test
    void writesBetweenReads_areNeverUndone() {
        Random random = new Random(11);
        byte[] model = backing.clone();
        try (FilterFixture f = new FilterFixture(new CopyOnReadSpec(overlay));
                FilterFixture g = f.otherLoop()) {
            for (int round = 0; round < 60; round++) {
                int at = 512 * random.nextInt((BYTES - 8192) / 512);
                int value = round + 1;
                FilterFixture.Request read = g.submit(BlockOp.READ, at, 8192, g.arena.allocate(8192));
                FilterFixture.Request write = f.submit(BlockOp.WRITE, at + 512, 4096, f.filled(4096, value));
                g.backend.commit();
                f.backend.commit();
                f.loop.pollUntil(() -> {
                    g.loop.pass();
                    return read.error == 0 && write.error == 0;
                });
                Arrays.fill(model, at + 512, at + 512 + 4096, (byte) value);
            }
            assertThat(f.read(0, BYTES)).isEqualTo(model);
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
        }
    }

    @Test
    void readOnlyImage_isRefused() {
        CopyOnReadSpec spec = new CopyOnReadSpec(overlay.with(overlay.options().asReadOnly()));
        assertThatThrownBy(() -> new FilterFixture(spec).close())
                .hasMessageContaining("copy-on-read: the image is read-only");
    }
}
