package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.SanityCheck;
import ringside.harness.suite.SuiteFile;

class MainTest {
    private static final String TINY = """
            name: tiny
            repeats: 1
            disk: {driver: null}
            job: {rw: randread, iodepth: 8, runtime: 200ms, time_based: 1}
            axes: {threading: [big-lock, iothread]}
            """;

    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    run quik                              | unknown suite 'quik': use quick or whitepaper
                    run                                   | no suite named
                    run quick --set threading=fast        | --set threading: unknown threading preset 'fast'
                    run quick --set colour=red            | unknown option 'colour'
                    run quick --set bs=4q                 | --set bs: '4q' is not a size
                    run quick --set disks=                | a value is empty
                    run quick --repeats 0                 | --repeats must be at least 1
                    run quick --repeats many              | 'many' is not an int
                    run quick --image /nowhere/disk.raw   | /nowhere/disk.raw
                    run quick --job /nowhere/job.fio      | /nowhere/job.fio: no such job file
                    run quick --peer a=.                  | suite quick has no axis 'peer'
                    run peers --peer a                    | write --peer NAME=SOCKET
                    run peers --peer a=/nowhere/s.sock    | /nowhere/s.sock does not exist
                    run peers --peer qsd=.                | has a peer 'qsd' already
                    run --resume /nowhere                 | /nowhere: no such folder
                    run --resume /nowhere --repeats 3     | a folder is resumed as it was begun
                    run quick --colour                    | Unknown option
                    report /nowhere                       | /nowhere: no such folder
                    serve --blockdev driver=null          | Missing required option: '--socket=PATH'
                    serve --socket s                      | Missing required option: '--blockdev
                    serve --socket s --blockdev driver=x  | --blockdev: unknown driver 'x'
                    serve --socket s --blockdev driver=null --queues 0       | queues must be in 1..64
                    serve --socket s --blockdev driver=null --queue-size 40000 | queue-size must be a number in 1..32768
                    serve --socket s --blockdev driver=null --queue-size 100 --packed off | queue-size must be a power of two
                    serve --socket s --blockdev driver=null --iothreads 0    | iothreads must be at least 1
                    serve --socket s --blockdev driver=null --cpus x         | 'x' is not a list of CPUs
                    serve --socket s --blockdev driver=null --trace timeline | an export has no timelines
                    serve --socket s --blockdev driver=null --poll-max-ns -1 | '-1' is not a duration
                    serve --socket s --blockdev driver=null --config-wce yes | --config-wce: 'yes' is neither on nor off
                    soak --time 0s                        | --time must be at least 1s
                    soak --time soon                      | 'soon' is not a duration
                    soak --kill-every 1ms                 | --kill-every must be at least 1s
                    soak --queues 0                       | --queues must be in 1..64
                    soak --depth 257                      | --depth must be in 1..256
                    soak --blockdev driver=raw,file=a     | a soak overwrites a: name it with --allow-writes
                    soak --blockdev driver=raw,file=a,zone-model=host-aware | a soak overwrites a: name it with --allow-writes
                    soak --blockdev driver=raw,file=a,zone-model=host-managed --allow-writes a | use zone-model=host-aware
                    soak --blockdev driver=raw,file=a,read-only=on --allow-writes a | leave read-only=on away
                    soak --blockdev driver=raw,file=/nowhere/a --allow-writes /nowhere/a | the server did not start
                    suites quik                           | unknown suite 'quik'
                    suites quik --yaml                    | unknown suite 'quik'
                    ''                                    | a command is missing
                    dance                                 | Unmatched argument
                    """)
    void badCommandLine_isOneLineWithExitCodeTwo(String line, String message) {
        int code = execute(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).startsWith("ringside: ").contains(message);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "run --help",
                "serve --help",
                "soak --help",
                "report --help",
                "suites --help",
                "doctor --help"
            })
    void help_hasExamples(String line) {
        assertThat(execute(line.split(" "))).isZero();
        assertThat(out.toString()).contains("Examples:").contains("ringside ");
    }

    @Test
    void version_isThatOfTheBuild() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).matches("(?s)ringside \\d+\\.\\d+.*");
    }

    @Test
    void suites_areListedExplainedAndCopied() throws IOException {
        execute("suites");
        assertThat(out.toString()).contains("quick").contains("whitepaper").contains("4 cells x 4 = 16 runs");

        execute("suites", "whitepaper");
        assertThat(out.toString()).contains("varies threading: big-lock, main-loop, data-plane-1.4");

        out.getBuffer().setLength(0);
        execute("suites", "quick", "--yaml");
        Path copy = Files.writeString(temp.resolve("copy.yaml"), out.toString());
        assertThat(SuiteFile.load(copy.toString())).isEqualTo(SuiteFile.load("quick"));
    }

    @Test
    void doctor_judgesEveryPoint() {
        assertThat(execute("doctor")).isZero();
        assertThat(out.toString())
                .contains("java", "cores", "governor", "io_uring", "memlock", "O_DIRECT", "disk space");
    }

    @Test
    void dryRun_printsCellsAndTimeAndLeavesNothing() {
        Path folder = temp.resolve("out");

        assertThat(execute("run", "quick", "--dry-run", "--out", folder.toString()))
                .isZero();

        assertThat(out.toString())
                .contains("big-lock_raw", "iothread_null", "= 16 runs, about 0:", "scratch image: 1 x 256 MiB");
        assertThat(folder).doesNotExist();
    }

    @Test
    void suiteOfTwoCells_isRunInWorkersAndKept() throws IOException {
        Path folder = temp.resolve("with blank").resolve("out");

        int code = execute(
                "run",
                tiny(),
                "--set",
                "write_iops_log=logs/tiny",
                "--set",
                "log_avg_msec=50",
                "--out",
                folder.toString());

        RunFolder loaded = ResultStore.load(folder);
        assertThat(loaded.results()).hasSize(2).allSatisfy(result -> {
            // On a busy host the load thread may be the limit, and the run then is invalid: no error of ours.
            assertThat(result.checks())
                    .isNotEmpty()
                    .filteredOn(check -> !check.passed())
                    .extracting(SanityCheck::name)
                    .isSubsetOf("littles_law");
            assertThat(result.metrics().get("iops").value()).isPositive();
            assertThat(result.histograms().get("lat").count())
                    .isEqualTo((long) result.metrics().get("ios").value());
            assertThat(result.options()).containsEntry("iodepth", "8").containsEntry("queue-size", "256");
            assertThat(result.provenance().jvmFlags()).contains("-XX:+UseSerialGC");
            assertThat(result.provenance().host()).containsKeys("kernel", "cpu", "clocksource");
        });
        assertThat(code).isIn(ExitCode.OK.code(), ExitCode.RUNS_FAILED.code());
        assertThat(out.toString()).contains("of 2 runs valid");
        assertThat(folder.resolve("histograms")).isDirectoryContaining("glob:**.hlog");
        assertThat(loaded.results()).allSatisfy(result -> {
            assertThat(result.options()).containsEntry("write_iops_log", "logs/tiny");
            assertThat(result.jobs().getFirst().logs()).containsExactly("tiny_iops.1.log");
            String run = "%04d-%s-r0-tiny_iops.1.log".formatted(result.order(), result.cell());
            assertThat(folder.resolve("logs").resolve(run)).content().matches("(?s)(\\d+, \\d+, 0, 0, 0\n){2,}");
        });
        RunResult first = loaded.results().getFirst();
        assertThat(first.command()).contains("--set threading=" + first.axes().get("threading"));
    }

    @Test
    void peers_areComparedPerCaseAtTheEnd() throws IOException {
        Path suite = Files.writeString(temp.resolve("two.yaml"), """
                repeats: 3
                machine: {target: vhost-user, server: ringside-null, completion: poll}
                job: {rw: randread, ramp_time: 100ms, runtime: 200ms, time_based: 1}
                axes: {case: [shallow], peer: [ours, deep]}
                adjust: [{when: {peer: deep}, set: {iodepth: 2}}]
                compare: {axis: peer, baseline: deep, contender: ours}
                """);
        Path folder = temp.resolve("out");

        int code = execute("run", suite.toString(), "--no-report", "--out", folder.toString());

        assertThat(ResultStore.load(folder).results()).hasSize(6).allSatisfy(run -> {
            assertThat(run.options()).containsEntry("server", "ringside-null").containsKey("server-version");
            assertThat(run.metrics()).containsKeys("server_cpu_per_io", "client_cpu_per_io", "lat_p99_9");
        });
        assertThat(out.toString())
                .contains("\nshallow\n")
                .contains("ours / it")
                .containsPattern("(?m)^  deep +[0-9.]+[kM]? ");
        assertThat(code).isIn(0, 1); // a busy host fails Little's law
    }

    @Test
    void refusedMachine_isRefusedInOneLineBeforeAnythingRuns() throws IOException {
        Path folder = temp.resolve("out");

        int code = execute("run", tiny(), "--set", "threading=data-plane-1.4", "--out", folder.toString());

        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("data-plane-1.4 works on raw images only");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(folder).doesNotExist();
    }

    @Test
    void depthBeyondTheQueue_isRefusedInOneLineBeforeAnythingRuns() throws IOException {
        Path folder = temp.resolve("out");

        int code = execute("run", tiny(), "--set", "iodepth=257", "--out", folder.toString());

        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("queue-size=256 allows 256");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(folder).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    logical-block-size=8k                     | logical-block-size must be a power of two in 512..4096
                    logical-block-size=4k --set bs=512        | is no multiple of logical-block-size=4096
                    size-max=4k --set bs=64k                  | needs more than 6 segments of size-max=4096
                    seg-max=1024                              | seg-max=1024 and two descriptors more
                    physical-block-size=3G                    | physical-block-size=3G is too large
                    """)
    void blocksThatDoNotFit_areRefusedInOneLineBeforeAnythingRuns(String sets, String message) throws IOException {
        Path folder = temp.resolve("out");
        List<String> arguments = new ArrayList<>(List.of("run", tiny(), "--out", folder.toString(), "--set"));
        arguments.addAll(List.of(sets.split(" ")));

        int code = execute(arguments.toArray(String[]::new));

        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains(message);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(folder).doesNotExist();
    }

    @Test
    void existingResults_areNotRunOver() throws IOException {
        Path folder = temp.resolve("out");
        execute("run", tiny(), "--set", "threading=big-lock", "--out", folder.toString());

        assertThat(execute("run", tiny(), "--out", folder.toString())).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("already holds results");
    }

    @Test
    void resumeOfFinishedFolder_runsNothing() throws IOException {
        Path folder = temp.resolve("out");
        execute("run", tiny(), "--set", "threading=big-lock", "--out", folder.toString());
        List<RunResult> before = ResultStore.load(folder).results();
        out.getBuffer().setLength(0);

        execute("run", "--resume", folder.toString());

        assertThat(out.toString()).contains("of 1 runs valid").doesNotContain("run 1/1");
        assertThat(ResultStore.load(folder).results()).isEqualTo(before);
    }

    @Test
    void dryRunOfResume_printsWhatRemainsAndRunsNothing() throws IOException {
        Path folder = temp.resolve("out");
        execute("run", tiny(), "--out", folder.toString());
        RunResult first = ResultStore.load(folder).results().getFirst();
        try (Stream<Path> files = Files.walk(folder)) {
            Path result = files.filter(file -> file.getFileName().toString().endsWith(".json")
                            && file.getFileName().toString().contains(first.cell()))
                    .findFirst()
                    .orElseThrow();
            Files.delete(result);
        }
        out.getBuffer().setLength(0);

        assertThat(execute("run", "--resume", folder.toString(), "--dry-run")).isZero();

        assertThat(out.toString())
                .contains(first.cell() + " r0", "1 runs remain")
                .doesNotContain("run 2/2");
        assertThat(ResultStore.load(folder).results()).hasSize(1);
    }

    private String tiny() throws IOException {
        return Files.writeString(temp.resolve("tiny.yaml"), TINY).toString();
    }

    private int execute(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
