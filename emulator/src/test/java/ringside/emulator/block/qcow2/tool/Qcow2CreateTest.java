package ringside.emulator.block.qcow2.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
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
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.tool.CreateOptions.Preallocation;

/** New images as qemu-img sees them. */
class Qcow2CreateTest {
    @TempDir
    Path folder;

    private Path image() {
        return folder.resolve("disk.qcow2");
    }

    private static BlockNode open(Path path) throws IOException {
        if (!Files.exists(path)) {
            Files.createFile(path);
        }
        return BlockNodes.open(
                new FileSpec(new BlockNodeSpec.Raw(path, CacheMode.WRITEBACK, AioKind.THREADS, false, false, true)));
    }

    private void create(CreateOptions options) throws IOException {
        try (BlockNode file = open(image());
                BlockNode data = open(folder.resolve("data"))) {
            Optional<BlockFile> dataFile = options.dataFile().map(_ -> data.file());
            Qcow2Create.create(file.file(), dataFile, options);
        }
    }

    private String qemuImg(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-img is not installed");
        List<String> command = new ArrayList<>(List.of("/usr/bin/qemu-img"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @ParameterizedTest
    @CsvSource({
        // size, version, cluster, refcount bits, lazy, extended, preallocation, compression, data file, raw data file
        "1048576, 3, 65536, 16, false, false, OFF, ZLIB, false, false",
        "0, 3, 65536, 16, false, false, OFF, ZLIB, false, false",
        "1000, 2, 512, 16, false, false, OFF, ZLIB, false, false",
        "1073741824, 2, 2097152, 16, false, false, METADATA, ZLIB, false, false",
        "104857600, 3, 512, 1, true, false, METADATA, ZLIB, false, false",
        "104857600, 3, 4096, 64, false, false, METADATA, ZSTD, false, false",
        "33554432, 3, 65536, 32, false, true, METADATA, ZLIB, false, false",
        "3145728, 3, 16384, 2, false, true, FULL, ZLIB, false, false",
        "3145728, 3, 16384, 8, false, false, FALLOC, ZLIB, false, false",
        "10485760, 3, 65536, 16, false, false, OFF, ZLIB, true, false",
        "10486272, 3, 65536, 16, true, false, OFF, ZLIB, true, true",
        "1099511627776, 3, 65536, 16, false, false, OFF, ZSTD, false, false",
    })
    void newImage_isCleanAndSaysWhatItWasMadeWith(
            long size,
            int version,
            int cluster,
            int refcountBits,
            boolean lazy,
            boolean extended,
            Preallocation preallocation,
            CompressionType compression,
            boolean dataFile,
            boolean raw)
            throws IOException, InterruptedException {
        create(new CreateOptions(
                size,
                version,
                cluster,
                refcountBits,
                lazy,
                extended,
                preallocation,
                compression,
                Optional.empty(),
                Optional.empty(),
                dataFile ? Optional.of("data") : Optional.empty(),
                raw));

        assertThat(qemuImg("check", "-f", "qcow2", "disk.qcow2")).contains("No errors were found on the image.");
        String info = qemuImg("info", "-f", "qcow2", "--output=json", "disk.qcow2");
        assertThat(info)
                .contains("\"virtual-size\": " + (size + 511) / 512 * 512)
                .contains("\"cluster-size\": " + cluster)
                .contains("\"compat\": \"" + (version == 2 ? "0.10" : "1.1") + "\"");
        if (version == 3) {
            assertThat(info)
                    .contains("\"refcount-bits\": " + refcountBits)
                    .contains("\"lazy-refcounts\": " + lazy)
                    .contains("\"extended-l2\": " + extended)
                    .contains("\"compression-type\": \"" + compression.label() + "\"")
                    .contains("\"corrupt\": false");
        }
        if (dataFile) {
            assertThat(info).contains("\"data-file\": \"data\"").contains("\"data-file-raw\": " + raw);
        }
        if (size > 0) {
            readsAsZeroes(size);
        }
    }

    private void readsAsZeroes(long size) throws IOException, InterruptedException {
        Process io = new ProcessBuilder(
                        "/usr/bin/qemu-io",
                        "-f",
                        "qcow2",
                        "-c",
                        "read -P 0 " + (size + 511) / 512 * 512 / 2 + " 512",
                        "disk.qcow2")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(io.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(io.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("verification failed").doesNotContain("error");
    }

    @Test
    void backingFile_isNamedWithItsFormat() throws IOException, InterruptedException {
        qemuImg("create", "-q", "-f", "raw", "base.raw", "1M");

        create(CreateOptions.of(1 << 20).withBacking("base.raw", "raw"));

        assertThat(qemuImg("info", "-f", "qcow2", "--output=json", "disk.qcow2"))
                .contains("\"backing-filename\": \"base.raw\"")
                .contains("\"backing-filename-format\": \"raw\"");
        qemuImg("check", "-q", "-f", "qcow2", "disk.qcow2");
    }

    @Test
    void writesOfQemu_findEverythingInPlace() throws IOException, InterruptedException {
        create(CreateOptions.of(64 << 20));

        qemuImg("convert", "-n", "-f", "raw", "-O", "qcow2", source(), "disk.qcow2");

        qemuImg("check", "-q", "-f", "qcow2", "disk.qcow2");
        qemuImg("compare", "-q", "-f", "raw", "-F", "qcow2", source(), "disk.qcow2");
    }

    private String source() throws IOException {
        byte[] data = new byte[64 << 20];
        for (int i = 0; i < data.length; i += 4096) {
            data[i] = (byte) (i >>> 12);
        }
        return Files.write(folder.resolve("source.raw"), data).getFileName().toString();
    }

    @Test
    void oldContent_isGone() throws IOException {
        byte[] old = new byte[1 << 20];
        Arrays.fill(old, (byte) 0x55);
        Files.write(image(), old);

        create(CreateOptions.of(1 << 20));

        try (BlockNode file = open(image())) {
            assertThat(Qcow2Header.read(file.file(), "disk.qcow2").sizeBytes()).isEqualTo(1 << 20);
        }
        assertThat(Files.readAllBytes(image())).doesNotContain(0x55);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3 |   1000 | 16 | false | cluster_size 1000 is not a power of two
            3 | 4194304 | 16 | false | cluster_size 4194304 is not
            3 |  65536 | 12 | false | refcount_bits 12 is not
            2 |  65536 |  8 | false | use compat=1.1
            3 |   8192 | 16 | true  | extended_l2 needs clusters of at least 16k
            """)
    void impossibleOptions_areRefusedInOneLine(
            int version, int cluster, int refcountBits, boolean extended, String message) {
        assertThatThrownBy(() -> new CreateOptions(
                        1 << 20,
                        version,
                        cluster,
                        refcountBits,
                        false,
                        extended,
                        Preallocation.OFF,
                        CompressionType.ZLIB,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void diskThatItsClustersCannotHold_isRefused() {
        assertThatThrownBy(() -> create(CreateOptions.of(1L << 60)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use a larger cluster_size");
    }
}
