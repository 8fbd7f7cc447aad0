package ringside.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;
import ringside.workloads.unit.IoUnit;

/** What fio writes is the oracle: patterns byte by byte, the rest by how far it compresses and how often it repeats. */
class FioContentPeerTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 500;

    @TempDir
    static Path folder;

    static Stream<String> fixedContents() {
        return Stream.of(
                "zero_buffers=1",
                "buffer_pattern=0xdeadface",
                "buffer_pattern=0xabc",
                "buffer_pattern=-12",
                "buffer_pattern=258",
                "buffer_pattern=0xdeadface\"abcd\"-12",
                "buffer_pattern='pattern.bin'");
    }

    static Stream<String> randomContents() {
        return Stream.of(
                "buffer_compress_percentage=50",
                "buffer_compress_percentage=70 buffer_compress_chunk=4096",
                "buffer_compress_percentage=100",
                "buffer_compress_percentage=30 buffer_pattern=0x5a",
                "buffer_compress_percentage=40 dedupe_percentage=30",
                "dedupe_percentage=60",
                "dedupe_percentage=50 dedupe_mode=working_set dedupe_working_set_percentage=10",
                "refill_buffers=1");
    }

    /** One fio writes the files of all jobs. */
    @BeforeAll
    static void askFio() throws IOException, InterruptedException {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "fio")));
        assumeTrue(found, "fio is not installed: the comparison with it is skipped");
        Files.write(folder.resolve("pattern.bin"), "a file of 23 odd bytes.".getBytes(StandardCharsets.US_ASCII));
        List<String> lines = new ArrayList<>(List.of("[global]", "rw=write", "bs=4k", "size=2000k", "ioengine=psync"));
        Stream.concat(fixedContents(), randomContents()).forEach(options -> {
            lines.add("[" + fileOf(options) + "]");
            lines.add("filename=" + fileOf(options));
            lines.addAll(List.of(options.split(" ")));
        });
        Path file = Files.write(folder.resolve("jobs.fio"), lines);
        Process process = new ProcessBuilder("fio", "--thread", "--max-jobs=32", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    @ParameterizedTest
    @MethodSource("fixedContents")
    void fixedContents_areFiosBytes(String options) throws Exception {
        String file = folder.resolve("pattern.bin").toString();

        assertThat(Arrays.equals(ours(options.replace("pattern.bin", file)), fio(options)))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("randomContents")
    void randomContents_compressAndRepeatAsFios(String options) throws Exception {
        byte[] fio = fio(options);
        byte[] ours = ours(options);

        assertThat(deflated(ours)).isCloseTo(deflated(fio), within(0.02));
        // Four standard deviations of the difference of two shares of 500 blocks.
        assertThat(distinct(ours)).isCloseTo(distinct(fio), within(0.13));
    }

    @Test
    void repeatedBuffers_areRepeatedExactly() throws Exception {
        assertThat(distinct(ours("scramble_buffers=0"))).isEqualTo(1.0 / BLOCKS);
        assertThat(distinct(ours("scramble_buffers=1"))).isEqualTo(1.0);
        assertThat(distinct(ours("dedupe_percentage=100"))).isEqualTo(1.0 / BLOCKS);
    }

    /** Mean share that is left of a block by deflate. */
    private static double deflated(byte[] data) {
        byte[] out = new byte[2 * BLOCK];
        double sum = 0;
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        for (int i = 0; i < BLOCKS; i++) {
            deflater.reset();
            deflater.setInput(data, i * BLOCK, BLOCK);
            deflater.finish();
            sum += deflater.deflate(out);
        }
        deflater.end();
        return sum / BLOCKS / BLOCK;
    }

    /** Share of blocks that no earlier block equals. */
    private static double distinct(byte[] data) {
        Set<ByteBuffer> seen = new HashSet<>();
        for (int i = 0; i < BLOCKS; i++) {
            seen.add(ByteBuffer.wrap(data, i * BLOCK, BLOCK));
        }
        return (double) seen.size() / BLOCKS;
    }

    private byte[] ours(String options) throws IOException {
        Path file = Files.write(
                folder.resolve("ours.fio"),
                List.of(("[x] rw=write bs=4k size=2000k " + options).split(" (?=[a-z_]+=)")));
        JobSpec job = JobFile.parse(file, Strictness.STRICT).jobs().getFirst();
        JobRegion.Resolved region = job.region().resolve("x", (long) BLOCK * BLOCKS, job.bs());
        byte[] written = new byte[BLOCK * BLOCKS];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BLOCK, 4096);
            IoUnit unit = new IoUnit(0, buffer, buffer.address());
            RequestSource source = new RequestSource(job, region, 1);
            source.fill(new IoUnit[] {unit});
            for (int i = 0; i < BLOCKS; i++) {
                source.next(unit);
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, written, (int) unit.offsetBytes, BLOCK);
            }
        }
        return written;
    }

    private static byte[] fio(String options) throws IOException {
        return Files.readAllBytes(folder.resolve(fileOf(options)));
    }

    private static String fileOf(String options) {
        return "x" + Integer.toHexString(options.hashCode());
    }
}
