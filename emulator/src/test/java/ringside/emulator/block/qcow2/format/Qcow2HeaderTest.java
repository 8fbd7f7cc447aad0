package ringside.emulator.block.qcow2.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.InvalidImageException;

/** Headers of qemu-img's images, our own, and damaged ones. */
class Qcow2HeaderTest {
    private static final Qcow2Geometry USUAL = new Qcow2Geometry(16, 4, false);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compat=0.10 | 2 | 16 | 4 | ZLIB",
                "compat=0.10,cluster_size=512 | 2 | 9 | 4 | ZLIB",
                "cluster_size=2M,refcount_bits=1 | 3 | 21 | 0 | ZLIB",
                "refcount_bits=64,lazy_refcounts=on | 3 | 16 | 6 | ZLIB",
                "compression_type=zstd | 3 | 16 | 4 | ZSTD",
                "extended_l2=on,cluster_size=16k | 3 | 14 | 4 | ZLIB"
            })
    void headerOfQemuImg_isReadAndWrittenBackByteForByte(
            String options, int version, int clusterBits, int order, CompressionType compression) throws Exception {
        Path image = qemuImg("create", "-q", "-f", "qcow2", "-o", options, "a.qcow2", "64M");
        Qcow2Header header = read(image);
        assertThat(header.version()).isEqualTo(version);
        assertThat(header.geometry()).isEqualTo(new Qcow2Geometry(clusterBits, order, options.contains("extended_l2")));
        assertThat(header.compression()).isEqualTo(compression);
        assertThat(header.sizeBytes()).isEqualTo(64L << 20);
        assertThat(header.has(Qcow2Feature.LAZY_REFCOUNTS)).isEqualTo(options.contains("lazy"));
        byte[] cluster = header.toCluster();
        assertThat(cluster).isEqualTo(Arrays.copyOf(Files.readAllBytes(image), cluster.length));
    }

    @Test
    void backingFileOfQemuImg_isRead() throws Exception {
        qemuImg("create", "-q", "-f", "raw", "base.raw", "1M");
        Path image = qemuImg("create", "-q", "-f", "qcow2", "-b", "base.raw", "-F", "raw", "a.qcow2");
        Qcow2Header header = read(image);
        assertThat(header.backingFile()).contains("base.raw");
        assertThat(header.backingFormat()).contains("raw");
    }

    @Test
    void changedHeader_keepsUnknownExtensionsAndFields() throws IOException {
        Qcow2Header header = ours();
        header.setExtension(0x12345678, Optional.of("kept".getBytes(StandardCharsets.US_ASCII)));
        header.setBacking(Optional.of("b.raw"), Optional.of("raw"));
        header.setDataFile(Optional.of("d.raw"));
        Qcow2Header again = read(write(header.toCluster()));
        again.setBacking(Optional.empty(), Optional.empty());
        again.setSize(1 << 20);
        Qcow2Header last = read(write(again.toCluster()));
        assertThat(last.extension(0x12345678).orElseThrow().text()).isEqualTo("kept");
        assertThat(last.backingFile()).isEmpty();
        assertThat(last.backingFormat()).isEmpty();
        assertThat(last.dataFile()).contains("d.raw");
        assertThat(last.sizeBytes()).isEqualTo(1 << 20);
    }

    @Test
    void unknownIncompatibleFeature_isRefusedByItsName() throws IOException {
        Qcow2Header header = ours();
        byte[] names = new byte[48];
        names[1] = 9;
        System.arraycopy("time travel".getBytes(StandardCharsets.US_ASCII), 0, names, 2, 11);
        header.setExtension(Qcow2Layout.EXTENSION_FEATURE_NAMES, Optional.of(names));
        header.setFeatures(Qcow2Feature.Kind.INCOMPATIBLE, 1 << 9 | 1 << 10);
        Path image = write(header.toCluster());
        assertThatThrownBy(() -> read(image))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("'time travel' (bit 9), bit 10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 4 | 0 | is not a qcow2 image",
                "4 | 4 | 1 | is of qcow version 1",
                "20 | 4 | 8 | clusters of 2^8",
                "20 | 4 | 22 | clusters of 2^22",
                "8 | 8 | 65530 | backing file name",
                "32 | 4 | 2 | is encrypted",
                "24 | 8 | -512 | has a disk of 18446744073709551104 bytes",
                "24 | 8 | 4611686018427387904 | too short for its disk",
                "36 | 4 | -1 | L1 table of 34359738360 bytes",
                "40 | 8 | 100 | L1 table at byte 100",
                "48 | 8 | 0 | refcount table at byte 0",
                "56 | 4 | 129 | refcount table of 8454144 bytes",
                "56 | 4 | 0 | refcount table of 0 bytes",
                "60 | 4 | 65537 | has 65537 snapshots",
                "96 | 4 | 7 | refcount width",
                "100 | 4 | 103 | header of 103 bytes",
                "100 | 4 | 65537 | header of 65537 bytes",
                "104 | 1 | 2 | method 2",
                "104 | 1 | 1 | compression"
            })
    void damagedField_isRefusedInOneLine(int at, int width, long value, String message) throws IOException {
        ByteBuffer cluster = ByteBuffer.wrap(ours().toCluster());
        switch (width) {
            case 1 -> cluster.put(at, (byte) value);
            case 4 -> cluster.putInt(at, (int) value);
            default -> cluster.putLong(at, value);
        }
        if (at == Qcow2Layout.BACKING_OFFSET) {
            cluster.putInt(Qcow2Layout.BACKING_SIZE, 100);
        }
        Path image = write(cluster.array());
        assertThatThrownBy(() -> read(image))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private static Qcow2Header ours() {
        Qcow2Header header = Qcow2Header.create(3, USUAL, 64 << 20);
        header.setL1(3 << 16, 1);
        header.setRefcountTable(1 << 16, 1);
        return header;
    }

    private Path write(byte[] cluster) throws IOException {
        return Files.write(folder.resolve("ours.qcow2"), cluster);
    }

    private static Qcow2Header read(Path image) {
        BlockNodeSpec.Raw raw = new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, false);
        try (BlockNode node = BlockNodes.open(new FileSpec(raw))) {
            return Qcow2Header.read(node.file(), "a");
        }
    }

    private Path qemuImg(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
            assertThat(process.waitFor()).isZero();
        } catch (IOException _) {
            assumeTrue(false, "qemu-img is not installed (Debian: qemu-utils)");
        }
        return folder.resolve("a.qcow2");
    }
}
