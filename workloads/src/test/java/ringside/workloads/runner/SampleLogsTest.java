package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobFileException;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;
import ringside.workloads.latency.FioBuckets;
import ringside.workloads.target.FakeTargets;
import ringside.workloads.unit.IoUnit;

/** The logs of a job are what its outcome sums up, in the format that fio's tools read. */
@Timeout(60)
class SampleLogsTest {
    @TempDir
    Path temp;

    private JobOutcome run(String... lines) throws IOException {
        List<String> text = new ArrayList<>(List.of("[global]", "bs=4k", "size=256k", "[job]"));
        text.addAll(List.of(lines));
        Path file = Files.write(temp.resolve("job.fio"), text);
        List<JobSpec> jobs = JobFile.parse(file, Strictness.STRICT).jobs().stream()
                .map(job -> job.withLogs(job.logs().in(temp, "")))
                .toList();
        return new JobRunner()
                .run(
                        new RunPlan(jobs, 0, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT),
                        new FakeTargets(1, 1, 1 << 20),
                        RunListener.NONE);
    }

    private List<long[]> lines(String name) throws IOException {
        return Files.readAllLines(temp.resolve(name)).stream()
                .map(line -> Arrays.stream(line.split(", "))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toList();
    }

    private LongStream column(String name, int column) throws IOException {
        return lines(name).stream().mapToLong(line -> line[column]);
    }

    @Test
    void lineOfEachRequest_hasItsLatencies() throws IOException {
        JobOutcome outcome = run("rw=randrw", "write_lat_log=l", "write_bw_log=l", "write_iops_log=l", "log_offset=1");

        assertThat(column("l_lat.1.log", 1).sum())
                .isEqualTo(column("l_slat.1.log", 1).sum()
                        + column("l_clat.1.log", 1).sum());
        for (String name : List.of("l_slat.1.log", "l_clat.1.log", "l_lat.1.log", "l_bw.1.log", "l_iops.1.log")) {
            assertThat(lines(name))
                    .hasSize(64)
                    .allSatisfy(line -> assertThat(line).hasSize(6));
            assertThat(column(name, 3)).containsOnly(4096L);
            assertThat(column(name, 4).distinct().count()).isEqualTo(64);
        }
        long writes = outcome.direction(IoUnit.Op.WRITE).orElseThrow().ios();
        assertThat(column("l_lat.1.log", 2).filter(d -> d == 1).count()).isEqualTo(writes);
        long largest = outcome.latency().lat().getMaxValue();
        assertThat(column("l_lat.1.log", 1).max().orElseThrow()).isBetween(largest - largest / 500, largest + 1);
    }

    @Test
    void lineOfEachWindow_sumsItUp() throws IOException {
        JobOutcome outcome = run(
                "rw=read",
                "time_based=1",
                "runtime=300ms",
                "rate_iops=2000",
                "write_iops_log=w",
                "write_bw_log=w",
                "write_lat_log=w",
                "log_avg_msec=50");

        List<long[]> iops = lines("w_iops.1.log");
        double ios = 0;
        for (long[] line : iops) {
            // A window in which a busy host let nothing complete has no line.
            long begin = (line[0] - 1) / 50 * 50;
            ios += line[1] * (line[0] - begin) / 1e3;
        }
        assertThat(ios).isBetween(outcome.ios() * 0.9, outcome.ios() * 1.1);
        for (int i = 0; i < iops.size(); i++) {
            assertThat(lines("w_bw.1.log").get(i)[1]).isBetween(iops.get(i)[1] * 4 - 4, iops.get(i)[1] * 4 + 4);
        }
        assertThat(lines("w_clat.1.log"))
                .hasSameSizeAs(iops)
                .allSatisfy(line -> assertThat(line).hasSize(5));
    }

    @Test
    void maximumOfAWindow_isTheLargestOfAll() throws IOException {
        JobOutcome outcome = run("rw=read", "write_lat_log=m", "log_avg_msec=60000", "log_max_value=1");

        long largest = outcome.latency().lat().getMaxValue();
        assertThat(column("m_lat.1.log", 1))
                .hasSize(1)
                .allSatisfy(value -> assertThat(value).isBetween(largest - largest / 500, largest + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6})
    void histogramLog_hasEveryRequestInABucket(int coarseness) throws IOException {
        JobOutcome outcome =
                run("rw=randrw", "write_hist_log=h", "log_hist_msec=1000", "log_hist_coarseness=" + coarseness);

        List<long[]> lines = lines("h_clat_hist.1.log");
        int columns = 3 + (FioBuckets.COUNT >> coarseness);
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line).hasSize(columns));
        assertThat(lines.stream()
                        .flatMapToLong(line -> Arrays.stream(line, 3, line.length))
                        .sum())
                .isEqualTo(outcome.ios());
        if (coarseness == 0) {
            long slowest = outcome.latency().clat().getMaxValue();
            int last = lines.stream().mapToInt(SampleLogsTest::lastUsed).max().orElseThrow();
            assertThat(FioBuckets.value(last)).isBetween(slowest * 97 / 100, slowest * 103 / 100);
        }
    }

    private static int lastUsed(long[] line) {
        int last = line.length - 1;
        while (line[last] == 0) {
            last--;
        }
        return last - 3;
    }

    @Test
    void clones_haveFilesOfTheirOwn_unlessTheyShareOne() throws IOException {
        run("rw=read", "numjobs=3", "write_iops_log");
        assertThat(column("job_iops.3.log", 1)).hasSize(64);
        assertThat(temp.resolve("job_iops.4.log")).doesNotExist();

        run("rw=read", "numjobs=3", "write_iops_log=all", "per_job_logs=0");
        run("rw=read", "numjobs=3", "write_iops_log=all", "per_job_logs=0");
        assertThat(column("all_iops.log", 1)).hasSize(3 * 64);
    }

    @Test
    void timesSince1970_areThose() throws IOException {
        long before = System.currentTimeMillis();
        run("rw=read", "write_iops_log=e", "log_unix_epoch=1");

        assertThat(column("e_iops.1.log", 0))
                .allSatisfy(ms -> assertThat(ms).isBetween(before - 1, System.currentTimeMillis() + 1));
    }

    @Test
    void theRamp_isNotLogged() throws IOException {
        JobOutcome outcome = run("rw=read", "time_based=1", "ramp_time=50ms", "runtime=50ms", "write_iops_log=r");

        assertThat(column("r_iops.1.log", 1)).hasSize((int) outcome.ios());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log_prio=1",
                "log_compression=64k",
                "log_store_compressed=1",
                "log_avg_msec=-1",
                "log_avg_msec=",
                "log_max_value=both",
                "per_job_logs=2"
            })
    void optionsThatAreNotSupported_areRefusedByName(String line) {
        assertThatThrownBy(() -> run(line))
                .isInstanceOf(JobFileException.class)
                .hasMessageContaining(line.substring(0, line.indexOf('=')))
                .message()
                .hasLineCount(1);
    }

    @Test
    void wrongOptions_areOneLine() {
        assertThatThrownBy(() -> run("write_hist_log=h"))
                .isInstanceOf(JobFileException.class)
                .hasMessageContaining("log_hist_msec=1000")
                .message()
                .hasLineCount(1);
        assertThatThrownBy(() -> run("log_hist_coarseness=7"))
                .isInstanceOf(JobFileException.class)
                .hasMessageContaining("log_hist_coarseness");
        assertThatThrownBy(() -> run("write_iops_log=" + temp + "/no/such/folder/x"))
                .isInstanceOf(JobRunException.class)
                .hasMessageContaining("write_iops_log=")
                .message()
                .hasLineCount(1);
    }

    /** fio's own tool draws averages of what it reads. */
    @Test
    void fio2gnuplot_readsTheLogs() throws Exception {
        assumeTrue(isThere("fio2gnuplot"), "fio2gnuplot is not installed (Debian: fio)");
        JobOutcome outcome = run(
                "rw=read", "time_based=1", "runtime=500ms", "rate_iops=1000", "write_iops_log=g", "log_avg_msec=50");

        Process process = new ProcessBuilder("fio2gnuplot", "-p", "g_iops.1.log")
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("printed").toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(temp.resolve("printed")))
                .isZero();
        String average = Files.readString(temp.resolve("g_iops.1.average"));
        double found = Double.parseDouble(average.substring(average.lastIndexOf(' ') + 1));
        assertThat(found).isBetween(outcome.iops() * 0.7, outcome.iops() * 1.3);
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(f -> Files.isExecutable(Path.of(f, program)));
    }
}
