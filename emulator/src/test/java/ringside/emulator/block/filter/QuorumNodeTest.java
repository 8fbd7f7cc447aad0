package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.QuorumSpec;
import ringside.emulator.ffi.Errno;

class QuorumNodeTest {
    private static final int BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private final BlockNodeSpec.Raw[] images = new BlockNodeSpec.Raw[3];

    @BeforeEach
    void makeImages() throws IOException {
        for (int i = 0; i < images.length; i++) {
            images[i] = FilterFixture.image(folder, "child" + i, BYTES);
        }
    }

    private QuorumSpec quorum(int threshold, boolean rewrite, boolean fifo) {
        return new QuorumSpec(List.of(images), threshold, rewrite, fifo);
    }

    private BlockNodeSpec broken(int index) {
        return new BlkdebugSpec(
                images[index],
                List.of(new BlkdebugSpec.Injection("none", 0, List.of(), Errno.ENOSPC, -1, false, 0)),
                List.of(),
                0);
    }

    private void fill(int index, int value) throws IOException {
        byte[] content = new byte[BYTES];
        Arrays.fill(content, (byte) value);
        Files.write(images[index].file(), content);
    }

    @Test
    void writes_reachAllChildren() throws IOException {
        try (FilterFixture f = new FilterFixture(quorum(2, false, false))) {
            assertThat(f.write(4096, f.filled(4096, 3))).isZero();
            f.node.file().write(10, f.filled(20, 4));
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
            assertThat(f.read(4096, 4096)).containsOnly(3);
        }
        assertThat(Files.mismatch(images[0].file(), images[1].file())).isEqualTo(-1);
        assertThat(Files.mismatch(images[0].file(), images[2].file())).isEqualTo(-1);
    }

    @Test
    void majority_decidesWhatIsRead() throws IOException {
        fill(0, 1);
        fill(1, 2);
        fill(2, 2);
        try (FilterFixture f = new FilterFixture(quorum(2, false, false))) {
            assertThat(f.read(0, 4096)).containsOnly(2);
            assertThat(((QuorumNode) f.node).outvoted()).isEqualTo(1);
        }
        assertThat(Files.readAllBytes(images[0].file())).containsOnly(1);
    }

    @Test
    void outvotedChild_isCorrectedWhereAskedFor() throws IOException {
        fill(0, 1);
        fill(1, 2);
        fill(2, 2);
        try (FilterFixture f = new FilterFixture(quorum(2, true, false))) {
            assertThat(f.read(0, 4096)).containsOnly(2);
            f.node.file().read(8192, f.filled(4096, 0));
            long outvoted = ((QuorumNode) f.node).outvoted();
            assertThat(f.read(0, 4096)).containsOnly(2);
            f.node.file().read(8192, f.filled(4096, 0));
            assertThat(((QuorumNode) f.node).outvoted()).isEqualTo(outvoted);
        }
    }

    @Test
    void withoutMajority_readsFail() throws IOException {
        fill(0, 1);
        fill(1, 2);
        fill(2, 3);
        try (FilterFixture f = new FilterFixture(quorum(2, false, false))) {
            assertThat(f.run(BlockOp.READ, 0, 512, f.filled(512, 0))).isEqualTo(Errno.EIO);
            assertThatThrownBy(() -> f.node.file().read(0, f.filled(512, 0))).hasMessageContaining("too few children");
        }
    }

    @Test
    void childrenThatFail_areToleratedBelowTheThreshold() {
        try (FilterFixture f =
                new FilterFixture(new QuorumSpec(List.of(images[0], broken(1), images[2]), 2, false, false))) {
            assertThat(f.write(0, f.filled(512, 1))).isZero();
            assertThat(f.read(0, 512)).containsOnly(1);
        }
        try (FilterFixture f = new FilterFixture(new QuorumSpec(List.of(images[0], broken(1)), 2, false, false))) {
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.ENOSPC);
        }
    }

    @Test
    void fifo_readsTheFirstChildThatCan() throws IOException {
        fill(0, 1);
        fill(2, 3);
        try (FilterFixture f =
                new FilterFixture(new QuorumSpec(List.of(broken(1), images[2], images[0]), 2, false, true))) {
            assertThat(f.read(0, 4096)).containsOnly(3);
            f.node.file().read(0, f.filled(16, 0));
        }
    }

    @Test
    void childrenOfOtherSizes_areRefused() throws IOException {
        BlockNodeSpec.Raw small = FilterFixture.image(folder, "small", 1 << 19);
        assertThatThrownBy(() -> new FilterFixture(new QuorumSpec(List.of(images[0], small), 1, false, false)).close())
                .hasMessageContaining("children have 1048576 and 524288 bytes");
    }
}
