package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobFileException;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;
import ringside.workloads.target.FakeTargets;
import ringside.workloads.unit.IoUnit;

/** Blocks that are checked: by us what we wrote, by fio what we wrote, by us what fio wrote. */
@Timeout(120)
class VerifyPeerTest {
    private static final int BYTES = 256 << 10;
    private static final String RANDOM = "random";

    /** Not sha256 and sha512: fio keeps parts of its working memory instead of the sum. */
    private static final List<String> SHARED = List.of(
            "crc32c",
            "crc32",
            "crc16",
            "crc64",
            "crc7",
            "xxhash",
            "md5",
            "sha1",
            "sha3-224",
            "sha3-256",
            "sha3-384",
            "sha3-512",
            "meta",
            "pattern");

    @TempDir
    Path temp;

    private final FakeTargets targets = new FakeTargets(1, 1, BYTES);
    private boolean fioFound;

    @BeforeEach
    void findFio() {
        fioFound = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "fio")));
    }

    private JobOutcome run(String... lines) throws IOException {
        return run(jobs(lines));
    }

    private JobOutcome run(List<JobSpec> jobs) {
        return new JobRunner()
                .run(new RunPlan(jobs, 0, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT), targets, RunListener.NONE);
    }

    private List<JobSpec> jobs(String... lines) throws IOException {
        List<String> text = new ArrayList<>(List.of("[job]", "bs=4k"));
        text.addAll(List.of(lines));
        return JobFile.parse(Files.write(temp.resolve("job.fio"), text), Strictness.STRICT)
                .jobs();
    }

    /** One fio for a job of each method; the errors of the jobs by name. */
    private Map<String, Integer> fio(List<String> names, String... lines) throws Exception {
        List<String> text = new ArrayList<>(List.of("[global]", "bs=4k", "size=256k", "ioengine=psync", "thread"));
        text.addAll(List.of(lines));
        for (String name : names) {
            text.addAll(List.of("[" + name + "]", "filename=" + name));
            if (!name.equals(RANDOM)) {
                text.addAll(List.of("verify=" + name, "verify_pattern=0xdeadbeef"));
            } else {
                text.addAll(List.of("verify=crc32c", "verify_interval=1k"));
            }
        }
        Path file = Files.write(temp.resolve("peer.fio"), text);
        Process process = new ProcessBuilder("fio", "--output-format=json", "--output=out.json", file.toString())
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Map<String, Integer> errors = new HashMap<>();
        Matcher job = Pattern.compile("\"jobname\" : \"([^\"]*)\".*?\"error\" : (\\d+)", Pattern.DOTALL)
                .matcher(Files.readString(temp.resolve("out.json")));
        while (job.find()) {
            errors.put(job.group(1), Integer.parseInt(job.group(2)));
        }
        assertThat(errors).as(said).containsOnlyKeys(names);
        return errors;
    }

    private static String[] ourOptions(String name, String rw) {
        return name.equals(RANDOM)
                ? new String[] {"rw=" + rw, "iodepth=4", "verify=crc32c", "verify_interval=1k", "verify_header_seed=0"}
                : new String[] {"rw=" + rw, "iodepth=4", "verify=" + name, "verify_pattern=0xdeadbeef"};
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "crc32c",
                "crc32",
                "crc16",
                "crc64",
                "crc7",
                "xxhash",
                "md5",
                "sha1",
                "sha256",
                "sha512",
                "sha3-224",
                "sha3-256",
                "sha3-384",
                "sha3-512",
                "meta",
                "pattern",
                "null"
            })
    void ourOwnWrites_readBack(String method) throws IOException {
        JobOutcome outcome =
                run("rw=randwrite", "iodepth=8", "verify=" + method, "verify_pattern=0xdeadbeef", "verify_interval=1k");

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.ios()).isEqualTo(64);
        assertThat(outcome.directions()).hasSize(1);
    }

    @Test
    void fioChecksWhatWeWrote() throws Exception {
        assumeTrue(fioFound, "fio is not installed: the comparison with it is skipped");
        for (String name : SHARED) {
            run(ourOptions(name, "write"));
            Files.write(temp.resolve(name), targets.contents(0));
        }

        assertThat(fio(SHARED, "rw=write", "verify_only").values()).containsOnly(0);
        assertThat(fio(SHARED, "rw=randread").values()).containsOnly(0);
        for (String name : SHARED) {
            byte[] disk = Files.readAllBytes(temp.resolve(name));
            disk[name.equals("meta") ? 20_480 : 20_600] ^= 1;
            Files.write(temp.resolve(name), disk);
        }
        assertThat(fio(SHARED, "rw=read").values()).doesNotContain(0);
    }

    @Test
    void weCheckWhatFioWrote() throws Exception {
        assumeTrue(fioFound, "fio is not installed: the comparison with it is skipped");
        List<String> names = new ArrayList<>(SHARED);
        names.add(RANDOM);
        assertThat(fio(names, "rw=randwrite", "do_verify=0").values()).containsOnly(0);
        for (String name : names) {
            byte[] bytes = Files.readAllBytes(temp.resolve(name));
            System.arraycopy(bytes, 0, targets.contents(0), 0, bytes.length);

            JobOutcome outcome = run(ourOptions(name, "randread"));
            assertThat(outcome.firstFailure()).as(name).isEmpty();
            assertThat(outcome.ios()).isEqualTo(64);
            targets.contents(0)[name.equals("meta") ? 20_480 : 20_600] ^= 1;
            assertThat(run(ourOptions(name, "read")).errors()).as(name).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crc32c", "md5", "sha3-512", "meta"})
    void headerElsewhere_isFoundByBoth(String method) throws Exception {
        assumeTrue(fioFound, "fio is not installed: the comparison with it is skipped");
        String[] elsewhere = {"verify_offset=300", "verify_interval=1k"};
        run(with(ourOptions(method, "randwrite"), elsewhere));
        Files.write(temp.resolve(method), targets.contents(0));

        assertThat(fio(List.of(method), with(elsewhere, "rw=read")).values()).containsOnly(0);
        assertThat(fio(List.of(method), "rw=read", "verify_interval=1k").values())
                .doesNotContain(0);
        if (method.equals("meta")) {
            // fio 3.33 leaves old headers in its buffers, and then finds fault with its own pattern.
            return;
        }
        assertThat(fio(List.of(method), with(elsewhere, "rw=randwrite", "do_verify=0"))
                        .values())
                .containsOnly(0);
        byte[] bytes = Files.readAllBytes(temp.resolve(method));
        System.arraycopy(bytes, 0, targets.contents(0), 0, bytes.length);
        assertThat(run(with(ourOptions(method, "read"), elsewhere)).firstFailure())
                .isEmpty();
        targets.contents(0)[20_480 + 310] ^= 1;
        assertThat(run(with(ourOptions(method, "read"), elsewhere)).errors()).isEqualTo(1);
    }

    private static String[] with(String[] options, String... more) {
        return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void lostWrite_isFoundByALaterRun() throws IOException {
        run("rw=randwrite", "verify=crc32c", "do_verify=0");
        assertThat(run("rw=randwrite", "verify=crc32c", "verify_only=1").errors())
                .isZero();
        byte[] disk = targets.contents(0);
        System.arraycopy(disk, 8 * 4096, disk, 9 * 4096, 4096);

        JobOutcome outcome = run("rw=randwrite", "verify=crc32c", "verify_only=1");

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.firstFailure().orElseThrow().message())
                .isEqualTo(
                        "job job: read of 4096 bytes at offset 36864 of disk 0: what was read was written for another"
                                + " place");
    }

    @Test
    void writesOfAnotherSeed_areFound() throws IOException {
        run("rw=write", "verify=crc32c", "randseed=1");

        assertThat(run("rw=read", "verify=crc32c", "randseed=2")
                        .firstFailure()
                        .orElseThrow()
                        .wrong())
                .isEqualTo("was written by another run");
        assertThat(run("rw=read", "verify=crc32c", "randseed=1").failed()).isFalse();
    }

    @Test
    void deviceThatLosesData_isFoundAtTheEnd() throws IOException {
        // The 17th request of the write pass hits one place twice: what was there is gone before it is read back.
        targets.withErrnoAt(offset -> {
            if (offset == 16 * 4096) {
                targets.contents(0)[0] = 0;
            }
            return 0;
        });

        JobOutcome outcome = run("rw=write", "verify=md5");

        assertThat(outcome.ios()).isEqualTo(64);
        assertThat(outcome.errors()).isEqualTo(1);
        assertThat(outcome.firstFailure().orElseThrow().wrong()).isEqualTo("has no header");
        assertThat(outcome.jobs().getFirst().otherErrors()).isEqualTo(1);
        assertThat(outcome.jobs().getFirst().errno()).isEqualTo(84);
    }

    @Test
    void backlog_isReadBackBeforeMoreIsWritten() throws IOException {
        // Block 16 is damaged by the write behind it, and found after 24 writes.
        targets.withErrnoAt(offset -> {
            if (offset == 17 * 4096) {
                targets.contents(0)[16 * 4096] = 0;
            }
            return 0;
        });

        JobOutcome fatal = run("rw=write", "verify=md5", "verify_backlog=8", "verify_fatal=1");
        assertThat(fatal.ios()).isEqualTo(24);
        assertThat(fatal.errors()).isEqualTo(1);
        assertThat(fatal.firstFailure().orElseThrow().offsetBytes()).isEqualTo(16 * 4096);

        JobOutcome whole = run("rw=write", "iodepth=3", "verify=md5", "verify_backlog=8");
        assertThat(whole.ios()).isEqualTo(64);
        assertThat(whole.errors()).isEqualTo(1);
        assertThat(whole.directions()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 100})
    void backlogBatch_leavesTheRestForTheEnd(int batch) throws IOException {
        int[] requests = {0};
        targets.withErrnoAt(offset -> {
            requests[0]++;
            return 0;
        });

        JobOutcome outcome =
                run("rw=randwrite", "iodepth=4", "verify=crc32c", "verify_backlog=10", "verify_backlog_batch=" + batch);

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.ios()).isEqualTo(64);
        // Each block is written once and read once; the flush may count as well.
        assertThat(requests[0]).isBetween(128, 129);
    }

    @Test
    void mixedJob_isCheckedWhereItWrote() throws IOException {
        JobOutcome sound = run("rw=randrw", "iodepth=4", "verify=crc32c", "verify_backlog=5");
        assertThat(sound.errors()).isZero();
        assertThat(sound.ios()).isEqualTo(64);
        assertThat(sound.direction(IoUnit.Op.READ).orElseThrow().ios()).isBetween(1L, 63L);

        byte[] disk = targets.contents(0);
        targets.withErrnoAt(offset -> {
            disk[40 * 4096 + 100] = (byte) System.nanoTime();
            return 0;
        });
        long writes = 0;
        long errors = 0;
        for (int seed = 1; seed <= 8; seed++) {
            JobOutcome outcome = run("rw=randrw", "verify=md5", "randseed=" + seed);
            writes += outcome.direction(IoUnit.Op.WRITE).orElseThrow().ios();
            errors += outcome.errors();
        }
        assertThat(writes).isBetween(100L, 412L);
        assertThat(errors).as("seeds of which one in two writes block 40").isBetween(1L, 8L);
    }

    @Test
    void mixedJobOfManyRounds_findsNothingWrong() throws IOException {
        JobOutcome outcome = run(
                "rw=randrw",
                "iodepth=8",
                "verify=crc32c",
                "verify_backlog=32",
                "verify_backlog_batch=16",
                "time_based",
                "runtime=150ms",
                "ramp_time=50ms",
                "fsync=16");

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.measuredNs()).isLessThan(5_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify_offset=0", "verify_offset=100"})
    void wrongBlock_isKept(String offset) throws IOException {
        run("rw=write", "verify=md5", "do_verify=0", "verify_interval=1k", offset);
        byte[] disk = targets.contents(0);
        disk[9 * 4096 + 1024 + 500] ^= 1;
        List<JobSpec> jobs = jobs("rw=read", "verify=md5", "verify_interval=1k", "verify_dump", offset).stream()
                .map(job -> job.withVerify(job.verify().in(temp, "r0-")))
                .toList();

        JobOutcome outcome = run(jobs);

        assertThat(outcome.errors()).isEqualTo(1);
        int at = 9 * 4096 + 1024;
        assertThat(temp.resolve("r0-disk0." + at + ".received"))
                .hasBinaryContent(Arrays.copyOfRange(disk, at, at + 1024));
        assertThat(temp).isDirectoryNotContaining(file -> file.toString().endsWith("expected"));
    }

    @Test
    void timeBasedJob_isCheckedAfterItsRuntime() throws IOException {
        JobOutcome outcome = run(
                "rw=randwrite",
                "iodepth=4",
                "verify=crc32c",
                "time_based",
                "runtime=200ms",
                "ramp_time=50ms",
                "fsync=32");

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.measuredNs()).isLessThan(5_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verify=crc8",
                "verify=pattern",
                "verify_only=1",
                "verify_interval=100",
                "verify=md5\nverify_offset=50",
                "verify=md5\nverify_offset=4050",
                "verify=md5\nverify_interval=1536\nverify_offset=100",
                "rw=randrw\nverify=md5\nverify_only=1",
                "rw=trimwrite\nverify=md5",
                "verify_backlog=4",
                "verify=md5\nverify_backlog_batch=4",
                "verify=md5\nverify_backlog=-1",
                "verify=md5\nverify_pattern=1\nzero_buffers=1"
            })
    void nonsense_isRefused(String lines) {
        assertThatThrownBy(() -> jobs(("rw=write\n" + lines).split("\n")))
                .isInstanceOf(JobFileException.class)
                .message()
                .hasLineCount(1);
    }
}
