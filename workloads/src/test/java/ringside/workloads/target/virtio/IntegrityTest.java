package ringside.workloads.target.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.ffi.HostFinding;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.machine.DiskSpec;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.machine.ThreadingPreset;
import ringside.emulator.trace.TraceMode;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobRunner;
import ringside.workloads.runner.RunListener;
import ringside.workloads.runner.RunPlan;
import ringside.workloads.verify.StampVerifier;

/**
 * Writes stamped blocks through every threading preset, cache mode and engine, then reads the image from outside: once
 * directly, and once as QEMU reads it, where qemu-io and qemu-img are installed.
 */
class IntegrityTest {
    private static final int IMAGE_BYTES = 4 << 20;
    private static final int BLOCK_BYTES = 4096;

    @TempDir
    Path folder;

    static Stream<Arguments> combinations() {
        return Arrays.stream(ThreadingPreset.values())
                .flatMap(preset -> Arrays.stream(CacheMode.values())
                        .flatMap(cache -> Arrays.stream(AioKind.values()).map(aio -> Arguments.of(preset, cache, aio))))
                .filter(arguments -> allowed(arguments.get()));
    }

    /** QEMU 1.4's data plane refuses everything else; its refusals are tested with the machine. */
    private static boolean allowed(Object[] combination) {
        boolean direct = ((CacheMode) combination[1]).direct();
        return ((AioKind) combination[2]).serves(direct)
                && (combination[0] != ThreadingPreset.DATA_PLANE_1_4
                        || combination[1] == CacheMode.NONE && combination[2] != AioKind.THREADS);
    }

    @ParameterizedTest(name = "{0} cache={1} aio={2}")
    @MethodSource("combinations")
    void stampedBlocks_areReadBackFromOutside(ThreadingPreset preset, CacheMode cache, AioKind aio)
            throws IOException, InterruptedException {
        assumeUsable(cache, aio);
        Path image = folder.resolve("image.raw");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }

        JobOutcome outcome = write(image, preset, cache, aio);

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.bytes()).isEqualTo(2 * IMAGE_BYTES);
        assertThat(new StampVerifier().verify(image, 0, IMAGE_BYTES).firstProblem())
                .isEmpty();
        if (Peers.qemuPresent()) {
            Path seenByQemu = folder.resolve("seen-by-qemu.raw");
            Peers.run("qemu-img", "convert", "-f", "raw", "-O", "raw", image.toString(), seenByQemu.toString());
            Peers.run("cmp", image.toString(), seenByQemu.toString());
            String read = Peers.run("qemu-io", "-f", "raw", "-c", "read -v 0 512", image.toString());
            assertThat(read).contains("read 512/512 bytes at offset 0");
            assertThat(new StampVerifier().verify(seenByQemu, 0, IMAGE_BYTES).isClean())
                    .isTrue();
        }
    }

    private void assumeUsable(CacheMode cache, AioKind aio) {
        HostFinding uring = HostProbe.ioUring();
        assumeTrue(aio != AioKind.IO_URING || uring.ok(), () -> "io_uring: " + uring.detail());
        HostFinding direct = HostProbe.directIo(folder);
        assumeTrue(!cache.direct() || direct.ok(), () -> "O_DIRECT: " + direct.detail());
    }

    private static JobOutcome write(Path image, ThreadingPreset preset, CacheMode cache, AioKind aio) {
        boolean modern = preset != ThreadingPreset.DATA_PLANE_1_4;
        BlockNodeSpec node = new BlockNodeSpec.Raw(image, cache, aio, false, false, true);
        DiskSpec disk = new DiskSpec("disk0", node, modern ? 2 : 1, 128, true, true, modern, "integrity");
        int iothreads = preset.usesIoThreads() ? 2 : 0;
        MachineSpec spec = new MachineSpec(
                preset,
                iothreads,
                List.of(),
                PollSpec.QEMU_DEFAULT,
                List.of(disk),
                16L << 20,
                false,
                TraceMode.COUNTERS,
                1);
        // Two clones write every block once each: on two queues, and with vq mapping on two IOThreads at once.
        JobSpec job = JobSpec.defaults("stamp")
                .withRw(ReadWrite.RANDWRITE)
                .withBs(BLOCK_BYTES)
                .withIodepth(16)
                .withNumjobs(2);
        try (Machine machine = Machine.build(spec)) {
            machine.start();
            try (VirtioBlkTargets targets = VirtioBlkTargets.of(machine, 200_000)) {
                return new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);
            }
        }
    }

    /** Programs from outside that judge the image. */
    private static final class Peers {
        private Peers() {}

        static boolean qemuPresent() {
            return Stream.of("qemu-img", "qemu-io").allMatch(Peers::onPath);
        }

        private static boolean onPath(String program) {
            return Arrays.stream(System.getenv("PATH").split(":"))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        }

        static String run(String... command) throws IOException, InterruptedException {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        }
    }
}
