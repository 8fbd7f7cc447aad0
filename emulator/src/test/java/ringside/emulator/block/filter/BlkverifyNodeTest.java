package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkverifySpec;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockOp;
import ringside.emulator.ffi.Errno;

class BlkverifyNodeTest {
    @TempDir
    private Path folder;

    private BlockNodeSpec.Raw a;
    private BlockNodeSpec.Raw b;

    @BeforeEach
    void makeImages() throws IOException {
        a = FilterFixture.image(folder, "a", 1 << 20);
        b = FilterFixture.image(folder, "b", 1 << 20);
    }

    @Test
    void sameContent_isReadAndKeptTheSame() throws IOException {
        try (FilterFixture f = new FilterFixture(new BlkverifySpec(a, b))) {
            assertThat(f.write(4096, f.filled(8192, 5))).isZero();
            assertThat(f.run(BlockOp.WRITE_ZEROES, 8192, 512)).isZero();
            assertThat(f.run(BlockOp.DISCARD, 4096, 512)).isZero();
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
            f.node.file().write(100, f.filled(77, 6));
            assertThat(f.read(4096, 4096)).containsOnly(5);
            f.node.file().read(3, f.filled(20000, 0));
            assertThat(((BlkverifyNode) f.node).mismatches()).isZero();
        }
        assertThat(Files.mismatch(a.file(), b.file())).isEqualTo(-1);
    }

    @Test
    void otherContent_endsWithAnError() throws IOException {
        byte[] content = new byte[1 << 20];
        content[5000] = 1;
        Files.write(b.file(), content);
        try (FilterFixture f = new FilterFixture(new BlkverifySpec(a, b))) {
            assertThat(f.run(BlockOp.READ, 0, 8192, f.filled(1024, 0), f.filled(7168, 0)))
                    .isEqualTo(Errno.EIO);
            assertThat(f.run(BlockOp.READ, 0, 4096, f.filled(4096, 0))).isZero();
            assertThatThrownBy(() -> f.node.file().read(4990, f.filled(20, 0)))
                    .hasMessage(
                            "blkverify: read of 20 bytes at 4990: contents differ at sector 9: EIO (input/output error)");
            assertThat(((BlkverifyNode) f.node).mismatches()).isEqualTo(2);
        }
    }

    @Test
    void otherOutcome_endsWithAnError() {
        BlkdebugSpec broken = new BlkdebugSpec(
                a,
                List.of(new BlkdebugSpec.Injection("pwritev", 0, List.of(), Errno.ENOSPC, -1, true, 0)),
                List.of(),
                0);
        try (FilterFixture f = new FilterFixture(new BlkverifySpec(broken, b))) {
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.EIO);
            assertThat(((BlkverifyNode) f.node).mismatches()).isEqualTo(1);
        }
    }

    @Test
    void shorterReference_isRefused() throws IOException {
        BlockNodeSpec.Raw small = FilterFixture.image(folder, "c", 1 << 19);
        assertThatThrownBy(() -> new FilterFixture(new BlkverifySpec(a, small)).close())
                .hasMessage("blkverify: raw has 524288 bytes and test 1048576: give both the same size");
    }
}
