package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;
import ringside.workloads.target.FakeTargets;
import ringside.workloads.unit.IoUnit.Op;

/** Logs are what fio writes, and fio's tools find in them what the result says. */
@Timeout(60)
class FioLogsPeerTest {
    private static final int BYTES = 1 << 20;
    private static final int BINS = 1856;
    private static final long WINDOW_MS = 100;

    @TempDir
    Path temp;

    private JobOutcome run(String... lines) throws IOException {
        List<String> text = new ArrayList<>(List.of("[global]", "bs=4k", "rw=randrw"));
        text.addAll(List.of(lines));
        Path file = Files.write(temp.resolve("job.fio"), text);
        List<JobSpec> jobs = JobFile.parse(file, Strictness.STRICT).jobs().stream()
                .map(job -> job.withLogs(job.logs().in(temp, "r0.")))
                .toList();
        FakeTargets targets = new FakeTargets(1, 1, BYTES);
        return new JobRunner()
                .run(new RunPlan(jobs, 0, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT), targets, RunListener.NONE);
    }

    private List<long[]> log(String name) throws IOException {
        return Files.readAllLines(temp.resolve("r0." + name)).stream()
                .map(line -> Arrays.stream(line.split(", "))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toList();
    }

    @Test
    void averages_addUpToTheResult() throws IOException {
        JobOutcome outcome = run(
                "time_based",
                "runtime=330ms",
                "rate_iops=1000",
                "log_avg_msec=100",
                "log_hist_msec=100",
                "log_hist_coarseness=2",
                "[a]",
                "write_bw_log=x",
                "write_iops_log=x",
                "write_hist_log=x");

        for (Op op : List.of(Op.READ, Op.WRITE)) {
            DirectionOutcome whole = outcome.direction(op).orElseThrow();
            assertThat(total(log("x_iops.1.log"), op.ordinal())).isCloseTo(whole.ios(), within(whole.ios() * 0.01 + 2));
            assertThat(total(log("x_bw.1.log"), op.ordinal()) * 1024)
                    .isCloseTo(whole.bytes(), within(whole.bytes() * 0.01 + 2048));
            assertThat(log("x_clat_hist.1.log").stream()
                            .filter(line -> line[1] == op.ordinal())
                            .mapToLong(line -> Arrays.stream(line).skip(3).sum())
                            .sum())
                    .isEqualTo(whole.ios());
        }
        assertThat(log("x_clat_hist.1.log")).allSatisfy(line -> assertThat(line).hasSize(3 + BINS / 4));
    }

    /** Rates times the length of their window, which has no line when nothing completed in it. */
    private static double total(List<long[]> log, int direction) {
        double sum = 0;
        for (long[] line : log) {
            if (line[2] == direction) {
                long begin = (line[0] - 1) / WINDOW_MS * WINDOW_MS;
                sum += line[1] * (line[0] - begin) / 1000.0;
            }
        }
        return sum;
    }

    @Test
    void fio_writesTheSameFilesWithTheSameColumns() throws Exception {
        assumeTrue(find("fio").isPresent(), "fio is not installed");
        String[] lines = {
            "time_based",
            "runtime=300ms",
            "rate_iops=500",
            "log_hist_msec=100",
            "write_hist_log=x",
            "write_bw_log=x",
            "write_iops_log=x",
            "write_lat_log=x",
            "[a]",
            "numjobs=2",
            "[b]",
            "log_offset=1",
            "log_hist_coarseness=3",
            "[c]",
            "log_avg_msec=100",
            "per_job_logs=0",
            "write_lat_log"
        };
        run(lines);
        Path theirs = Files.createDirectory(temp.resolve("fio"));
        List<String> text = new ArrayList<>(
                List.of("[global]", "bs=4k", "rw=randrw", "ioengine=psync", "thread", "size=1m", "filename=disk"));
        text.addAll(List.of(lines));
        // Jobs in fio begin together, too.
        Process fio = new ProcessBuilder(
                        "fio", Files.write(theirs.resolve("peer.fio"), text).toString())
                .directory(theirs.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(fio.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(fio.waitFor()).as(said).isZero();

        Map<String, Integer> ours = columns(temp, "r0.");
        Map<String, Integer> expected = columns(theirs, "");
        // A synchronous engine has no slat in fio.
        assertThat(ours.keySet()).isEqualTo(expected.keySet());
        expected.values().removeIf(count -> count == 0);
        assertThat(ours).containsAllEntriesOf(expected);
    }

    private static Map<String, Integer> columns(Path folder, String prefix) throws IOException {
        Map<String, Integer> columns = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".log")).toList()) {
                String name = file.getFileName().toString().substring(prefix.length());
                columns.put(
                        name,
                        Files.readAllLines(file).stream()
                                .findFirst()
                                .map(line -> line.split(", ").length)
                                .orElse(0));
            }
        }
        return columns;
    }

    @Test
    void fiologparser_findsTheRate() throws Exception {
        Optional<Path> tool = find("fiologparser.py");
        assumeTrue(tool.isPresent(), "fiologparser.py of fio's sources (tools) is not on the PATH");
        JobOutcome outcome =
                run("time_based", "runtime=400ms", "rate_iops=2000", "log_avg_msec=100", "[a]", "write_iops_log=x");

        String said = python(
                tool.get(), "-i", "400", "-s", temp.resolve("r0.x_iops.1.log").toString());

        double sum = said.lines()
                .mapToDouble(line -> Double.parseDouble(line.split(",\\s*")[1]))
                .max()
                .orElseThrow();
        // It takes the lines of both directions for one series, and guesses where a busy host left windows out.
        assertThat(sum).isBetween(outcome.iops() * 0.2, outcome.iops() * 2);
    }

    @Test
    void histogramTool_countsAllRequests() throws Exception {
        Optional<Path> tool = find("fio-histo-log-pctiles.py");
        assumeTrue(tool.isPresent(), "fio-histo-log-pctiles.py of fio's sources (tools/hist) is not on the PATH");
        JobOutcome outcome =
                run("time_based", "runtime=1100ms", "rate_iops=1000", "log_hist_msec=1000", "[a]", "write_hist_log=x");

        String said = python(
                tool.get(),
                "--time-quantum",
                "1",
                temp.resolve("r0.x_clat_hist.1.log").toString());

        long counted = said.lines()
                .map(String::strip)
                .filter(line -> line.matches("\\d+,.*"))
                .mapToLong(line -> Long.parseLong(line.split(",\\s*")[1].strip()))
                .sum();
        assertThat(counted).as(said).isCloseTo(outcome.ios(), within(outcome.ios() / 20 + 2));
    }

    private static String python(Path tool, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", tool.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(path -> Path.of(path, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
