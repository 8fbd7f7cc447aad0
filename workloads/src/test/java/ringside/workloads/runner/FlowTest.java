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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobFileException;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;
import ringside.workloads.target.FakeTarget;
import ringside.workloads.target.FakeTargets;
import ringside.workloads.unit.IoUnit;

/** How requests follow one another: flushes in between, pauses, batches, begin and repetitions. */
@Timeout(60)
class FlowTest {
    private static final long MS = 1_000_000L;

    @TempDir
    Path temp;

    private final FakeTargets targets = new FakeTargets(1, 1, 1 << 20);

    private List<JobSpec> jobs(String... lines) throws IOException {
        List<String> text = new ArrayList<>(List.of("[global]", "bs=4k", "size=256k"));
        if (!lines[0].startsWith("[")) {
            text.add("[job]");
        }
        text.addAll(List.of(lines));
        Path file = Files.write(temp.resolve("job.fio"), text);
        return JobFile.parse(file, Strictness.STRICT).jobs();
    }

    private JobOutcome run(String... lines) throws IOException {
        return new JobRunner()
                .run(
                        new RunPlan(jobs(lines), 0, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT),
                        targets,
                        RunListener.NONE);
    }

    private FakeTarget target() {
        return targets.opened().getFirst();
    }

    private static long syncs(JobOutcome outcome) {
        return outcome.syncs().orElseThrow().ios();
    }

    @Test
    void fsync_flushesAfterSoManyWritesAndAtTheEnd() throws IOException {
        JobOutcome outcome = run("rw=write", "fsync=8");

        assertThat(outcome.ios()).isEqualTo(64);
        assertThat(outcome.directions()).hasSize(1);
        assertThat(syncs(outcome)).isEqualTo(7);
        assertThat(outcome.syncs().orElseThrow().latency().getTotalCount()).isEqualTo(7);
        assertThat(target().flushes).isEqualTo(8);
    }

    @Test
    void fdatasync_flushesLikewise() throws IOException {
        assertThat(syncs(run("rw=write", "fdatasync=1"))).isEqualTo(63);
    }

    @Test
    void withoutEndFsync_nothingIsFlushedAtTheEnd() throws IOException {
        assertThat(run("rw=write", "end_fsync=0").syncs()).isEmpty();
        assertThat(target().flushes).isZero();
    }

    /** Not fdatasync: fio does not count these. */
    @ParameterizedTest
    @CsvSource({"rw=write, fsync=8", "rw=randwrite, fsync=7", "rw=read, fsync=2"})
    void numberOfSyncs_isThatOfFio(String rw, String sync) throws Exception {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "fio")));
        assumeTrue(found, "fio is not installed: the comparison with it is skipped");
        Process process = new ProcessBuilder(
                        "fio",
                        "--name=a",
                        "--filename=" + temp.resolve("data"),
                        "--ioengine=psync",
                        "--bs=4k",
                        "--size=256k",
                        "--" + rw,
                        "--" + sync,
                        "--output-format=json")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        Matcher matcher =
                Pattern.compile("\"sync\" : \\{\\s*\"total_ios\" : (\\d+)").matcher(said);
        assertThat(matcher.find()).as(said).isTrue();

        assertThat(syncs(run(rw, sync))).isEqualTo(Long.parseLong(matcher.group(1)));
    }

    @Test
    void thinktime_pausesWithNothingInFlight() throws IOException {
        JobOutcome outcome = run("rw=read", "iodepth=4", "thinktime=5000", "thinktime_blocks=16");

        assertThat(outcome.ios()).isEqualTo(64);
        assertThat(outcome.measuredNs()).isGreaterThanOrEqualTo(3 * 5 * MS);
        assertThat(target().maxInFlight).isEqualTo(4);
    }

    @Test
    void thinktimeByIssue_letsSoManyBegin() throws IOException {
        run("rw=read", "iodepth=8", "thinktime=1ms", "thinktime_blocks=3", "thinktime_blocks_type=issue");

        assertThat(target().maxInFlight).isLessThanOrEqualTo(8);
    }

    @Test
    void thinktimeSpin_isPartOfThePause() throws IOException {
        JobOutcome outcome = run("rw=read", "thinktime=10ms", "thinktime_spin=10ms", "thinktime_blocks=16");

        assertThat(outcome.ios()).isEqualTo(64);
        assertThat(outcome.measuredNs()).isGreaterThanOrEqualTo(3 * 10 * MS);
    }

    @Test
    void thinktimeIotime_workAndPauseTakeTurns() throws IOException {
        JobOutcome outcome = run("rw=read", "time_based", "runtime=300ms", "thinktime=50ms", "thinktime_iotime=50ms");

        SeriesOutcome series = outcome.series();
        assertThat(outcome.ios()).isPositive();
        assertThat(series.ios()).isNotEmpty();
        assertThat(outcome.measuredNs()).isGreaterThanOrEqualTo(290 * MS);
    }

    @Test
    void iodepthLow_letsTheDepthGoDownBeforeItIsFilled() throws IOException {
        run("rw=read", "iodepth=16", "iodepth_low=4");

        FakeTarget target = target();
        assertThat(target.maxInFlight).isEqualTo(16);
        // 16 at once, then 12 at a time: the last of 64 come before any single completion is answered.
        assertThat(target.commits).isLessThanOrEqualTo(6);
    }

    @Test
    void iodepthBatch_limitsWhatIsHandedOverTogether() throws IOException {
        run("rw=read", "iodepth=16", "iodepth_batch=2");

        assertThat(target().commits).isGreaterThanOrEqualTo(32);
    }

    @Test
    void loops_doTheSizeAgain() throws IOException {
        assertThat(run("rw=read", "loops=3").ios()).isEqualTo(3 * 64);
    }

    @Test
    void startdelay_holdsTheJobBack() throws IOException {
        JobOutcome outcome = run("[early]", "rw=read", "[late]", "rw=read", "startdelay=60ms");

        LaneOutcome late = outcome.lanes().get(1);
        assertThat(late.startNs()).isGreaterThanOrEqualTo(60 * MS);
        assertThat(late.directions().getFirst().ios()).isEqualTo(64);
        assertThat(outcome.lanes().getFirst().startNs()).isLessThan(late.startNs());
    }

    @Test
    void rangeOfStartdelay_isDrawnByEachClone() throws IOException {
        JobOutcome outcome = run("rw=read", "numjobs=8", "startdelay=10ms-200ms");

        assertThat(outcome.lanes().stream().map(lane -> lane.startNs() / MS).distinct())
                .hasSizeGreaterThan(3);
        assertThat(outcome.lanes())
                .allSatisfy(lane -> assertThat(lane.startNs()).isGreaterThanOrEqualTo(10 * MS));
    }

    @Test
    void stonewall_waitsForAllJobsBefore() throws IOException {
        JobOutcome outcome = run(
                "[one]",
                "rw=read",
                "startdelay=30ms",
                "[two]",
                "rw=read",
                "[three]",
                "rw=write",
                "stonewall",
                "[four]",
                "rw=read",
                "stonewall",
                "runtime=20ms",
                "time_based");

        List<LaneOutcome> lanes = outcome.lanes();
        assertThat(lanes.get(2).startNs()).isGreaterThanOrEqualTo(lanes.get(0).endNs());
        assertThat(lanes.get(2).startNs()).isGreaterThanOrEqualTo(lanes.get(1).endNs());
        assertThat(lanes.get(3).startNs()).isGreaterThanOrEqualTo(lanes.get(2).endNs());
        assertThat(lanes.get(3).measuredNs()).isGreaterThanOrEqualTo(20 * MS);
        assertThat(outcome.jobs()).extracting(JobTotals::job).containsExactly("one", "two", "three", "four");
    }

    @Test
    void stoppedBeforeItsStage_endsWithoutRequests() throws IOException {
        JobRunner runner = new JobRunner();
        RunPlan plan = new RunPlan(
                jobs("[one]", "rw=read", "time_based", "runtime=30s", "[two]", "rw=write", "stonewall"),
                0,
                CompletionMode.INTERRUPT,
                0,
                RunOptions.DEFAULT);

        JobOutcome outcome = runner.run(plan, targets, new RunListener() {
            @Override
            public void progress(RunProgress progress) {
                runner.requestStop();
            }
        });

        LaneOutcome two = outcome.lanes().get(1);
        assertThat(two.directions().getFirst().ios()).isZero();
        assertThat(two.measuredNs()).isZero();
    }

    @Test
    void requestSlowerThanMaxLatency_isAnError() throws IOException {
        targets.withErrnoAt(_ -> {
            try {
                TimeUnit.MILLISECONDS.sleep(3);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 0;
        });

        JobOutcome outcome = run("rw=read", "max_latency=1ms");

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.firstFailure()).hasValueSatisfying(failure -> {
            assertThat(failure.op()).isEqualTo(IoUnit.Op.READ);
            assertThat(failure.errno()).isEqualTo(110);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iodepth_low=5",
                "thinktime_spin=5",
                "thinktime_blocks_type=never",
                "fsync=-1",
                "loops=0",
                "startdelay=5-3",
                "iodepth_batch=0"
            })
    void nonsense_isRefused(String line) {
        assertThatThrownBy(() -> jobs("rw=read", line))
                .isInstanceOf(JobFileException.class)
                .message()
                .hasLineCount(1);
    }

    @Test
    void latencyTarget_measuresTheDepthThatItFinds() throws IOException {
        JobOutcome outcome = run(
                "rw=randread",
                "iodepth=8",
                "time_based=1",
                "runtime=20s",
                "latency_target=30s",
                "latency_window=20ms",
                "latency_percentile=99.5");

        assertThat(outcome.target()).contains(new TargetOutcome(8, 0));
        assertThat(outcome.measuredNs()).isBetween(20 * MS, 5_000 * MS);
        assertThat(outcome.latency().lat().getTotalCount()).isEqualTo(outcome.ios());
    }

    @Test
    void latencyTargetThatCannotBeMet_isMissed() throws IOException {
        JobOutcome outcome = run(
                "rw=randread", "iodepth=8", "time_based=1", "runtime=20s", "latency_target=1", "latency_window=20ms");

        assertThat(outcome.target()).contains(new TargetOutcome(1, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latency_window=1s", "latency_run=1", "latency_target=1ms"})
    void halfALatencyTarget_isRefused(String line) {
        assertThatThrownBy(() -> jobs(line))
                .isInstanceOf(JobFileException.class)
                .hasMessageContaining("latency_")
                .message()
                .hasLineCount(1);
    }

    /** Eight are handed over at the beginning; then never fewer than four together, but for the last. */
    @Test
    void batchCompleteMin_waitsForSoManyBeforeTheNext() throws IOException {
        run("rw=read", "iodepth=8", "iodepth_batch_complete_min=4");
        assertThat(target().submitsPerCommit
                        .subList(0, target().submitsPerCommit.size() - 1))
                .isNotEmpty()
                .allMatch(count -> count >= 4);
    }

    @Test
    void batchCompleteMinAboveTheDepth_isRefused() {
        assertThatThrownBy(() -> jobs("iodepth=4", "iodepth_batch_complete_min=5"))
                .isInstanceOf(JobFileException.class)
                .hasMessageContaining("1 to iodepth");
    }
}
