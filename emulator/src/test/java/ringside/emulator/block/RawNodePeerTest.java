package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;

/** QEMU's own tool reads what the raw node wrote, and the reverse. */
class RawNodePeerTest {
    @TempDir
    Path folder;

    private static String qemuIo(Path image, String... commands) throws IOException, InterruptedException {
        Process process = start(image, commands);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String qemuIoFails(Path image, String command) throws IOException, InterruptedException {
        Process process = start(image, command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isNotZero();
        return output;
    }

    /** Without commands qemu-io reads them from its input. */
    private static Process start(Path image, String... commands) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-io")), "qemu-io is not installed");
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/qemu-io", "-f", "raw");
        for (String command : commands) {
            builder.command().add("-c");
            builder.command().add(command);
        }
        builder.command().add(image.toString());
        return builder.redirectErrorStream(true).start();
    }

    @Test
    void qemuIo_readsWhatWasWritten() throws IOException, InterruptedException {
        Path image = Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
        try (NodeFixture f =
                new NodeFixture(BlockNodes.open(NodeFixture.raw(image, CacheMode.WRITEBACK, AioKind.THREADS)))) {
            f.run(BlockOp.WRITE, 65536, 65536, f.buffer(65536, 3).fill((byte) 0x5a));
            f.run(BlockOp.WRITE_ZEROES, 65536 + 4096, 4096);
            f.run(BlockOp.FLUSH, 0, 0);
        }
        String output =
                qemuIo(image, "read -P 0 0 64k", "read -P 0x5a 64k 4k", "read -P 0 68k 4k", "read -P 0x5a 72k 56k");
        assertThat(output).contains("read 4096/4096 bytes").doesNotContain("Pattern verification failed");
    }

    @Test
    void whatQemuIoWrote_isRead() throws IOException, InterruptedException {
        Path image = Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
        qemuIo(image, "write -P 0xa5 512k 8k", "flush");
        try (NodeFixture f =
                new NodeFixture(BlockNodes.open(NodeFixture.raw(image, CacheMode.WRITEBACK, AioKind.THREADS)))) {
            MemorySegment seen = f.buffer(8192, 0);
            assertThat(f.run(BlockOp.READ, 512 << 10, 8192, seen)).isZero();
            assertThat(seen.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0xa5 - 256);
        }
    }

    @Test
    void imageInOurHands_isRefusedByQemu() throws IOException, InterruptedException {
        Path image = Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
        BlockNodeSpec reader = new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, true, false);
        try (BlockNode _ = BlockNodes.open(NodeFixture.raw(image, CacheMode.WRITEBACK, AioKind.THREADS))) {
            assertThat(qemuIoFails(image, "read 0 4k")).contains("lock");
        }
        try (BlockNode _ = BlockNodes.open(reader)) {
            assertThat(qemuIoFails(image, "write 0 4k")).contains("lock");
        }
        assertThat(qemuIo(image, "write 0 4k")).contains("wrote 4096/4096 bytes");
    }

    @Test
    void imageInTheHandsOfQemu_isRefusedByUs() throws IOException, InterruptedException {
        Path image = Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
        Process qemu = start(image);
        try {
            qemu.getOutputStream().write("read 0 512\n".getBytes(StandardCharsets.UTF_8));
            qemu.getOutputStream().flush();
            assertThat(qemu.inputReader().readLine())
                    .as("it has opened the image")
                    .isNotNull();

            assertThatThrownBy(() -> BlockNodes.open(NodeFixture.raw(image, CacheMode.WRITEBACK, AioKind.THREADS)))
                    .isInstanceOf(ImageInUseException.class)
                    .hasMessageContaining("is in use");
        } finally {
            qemu.destroyForcibly().waitFor();
        }
        BlockNodes.open(NodeFixture.raw(image, CacheMode.WRITEBACK, AioKind.THREADS))
                .close();
    }
}
