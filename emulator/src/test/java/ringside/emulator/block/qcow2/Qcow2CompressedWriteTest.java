package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Spec;

/** Clusters that are written compressed are packed one behind the other; QEMU reads and checks them. */
class Qcow2CompressedWriteTest {
    private static final int DISK = 8 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cluster_size=64k",
                "cluster_size=4k",
                "cluster_size=512,compat=0.10",
                "cluster_size=64k,compression_type=zstd",
                "cluster_size=32k,extended_l2=on",
                "cluster_size=64k,refcount_bits=1"
            })
    void clustersOfHalfTheirSize_arePackedAcrossClusters(String options) throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", options, "a.qcow2", Integer.toString(DISK));
        byte[] content = halfNoise();
        Qcow2Spec spec = Qcow2Spec.of(
                new FileSpec(NodeFixture.raw(folder.resolve("a.qcow2"), CacheMode.WRITEBACK, AioKind.THREADS)));
        try (Qcow2Node node = Qcow2Node.open(spec)) {
            int cluster = node.clusterBytes();
            for (int at = 0; at < DISK; at += cluster) {
                node.writeCompressed(at, MemorySegment.ofArray(content).asSlice(at, cluster));
            }
            byte[] over = Arrays.copyOfRange(content, 0, 3000);
            node.file().write(1_000_001, MemorySegment.ofArray(over)); // gives packed clusters back
            System.arraycopy(over, 0, content, 1_000_001, over.length);
            byte[] all = new byte[DISK];
            node.file().read(0, MemorySegment.ofArray(all));
            assertThat(Arrays.mismatch(all, content)).isEqualTo(-1);
        }
        QemuTools.requireClean(folder, "a.qcow2");
        QemuTools.img(folder, "convert", "-f", "qcow2", "-O", "raw", "a.qcow2", "a.raw");
        assertThat(Arrays.mismatch(Files.readAllBytes(folder.resolve("a.raw")), content))
                .isEqualTo(-1);
        if (!options.contains("refcount_bits=1") && !options.contains("=512")) {
            assertThat(Files.size(folder.resolve("a.qcow2"))).isLessThan(DISK * 8L / 10);
        }
    }

    /** Of every 512 bytes 280 are noise, so that hardly two clusters fit in one. */
    private static byte[] halfNoise() {
        byte[] content = new byte[DISK];
        Random random = new Random(1);
        byte[] noise = new byte[280];
        for (int at = 0; at < DISK; at += 512) {
            random.nextBytes(noise);
            System.arraycopy(noise, 0, content, at, noise.length);
        }
        return content;
    }
}
