package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.ResultStore;
import ringside.harness.results.Results;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.suite.SuiteFile;

class SuiteRunTest {
    private static final String SUITE = """
            name: small
            repeats: 2
            disk: {driver: null}
            job: {rw: randread, runtime: 1, time_based: 1}
            axes: {threading: [big-lock, iothread], disks: [1, 2]}
            """;

    @TempDir
    Path temp;

    private final List<String> executed = new ArrayList<>();
    private final Cancellation cancellation = new Cancellation();
    private final Recorder progress = new Recorder();

    @Test
    void wholeSuite_runsEveryCellInEveryRepetitionOnce() {
        SuiteSummary summary = begin(this::succeed);

        assertThat(summary).isEqualTo(new SuiteSummary(8, 8, 0, 0, 0, 8));
        assertThat(executed).hasSize(8).doesNotHaveDuplicates();
        assertThat(ResultStore.load(folder()).results()).hasSize(8);
    }

    @Test
    void resumedSuite_runsNoFinishedRunAgainAndLosesNone() {
        begin((spec, result, log, listener) -> {
            if (executed.size() == 3) {
                cancellation.request();
                return Optional.of("killed");
            }
            return succeed(spec, result, log, listener);
        });
        List<String> first = List.copyOf(executed);
        assertThat(first).hasSize(3);

        SuiteSummary summary = resume();

        assertThat(summary.complete()).isTrue();
        assertThat(summary.executed()).isEqualTo(5);
        assertThat(executed).hasSize(8).doesNotHaveDuplicates().startsWith(first.toArray(String[]::new));
    }

    @Test
    void crashedWorker_isAFailedRunWithItsReasonAndTheRestGoesOn() {
        SuiteSummary summary = begin((spec, result, log, listener) ->
                spec.run().order() == 2 ? Optional.of("exit code 134") : succeed(spec, result, log, listener));

        assertThat(summary).isEqualTo(new SuiteSummary(8, 7, 0, 0, 1, 8));
        assertThat(ResultStore.load(folder()).results().get(2).reason()).isEqualTo("exit code 134");
        assertThat(progress.finished.get(2).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void changedSuite_isNotContinued() throws IOException {
        begin(this::succeed);
        Path yaml = folder().resolve("suite.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("repeats: 2", "repeats: 3"));

        assertThatThrownBy(() -> RunFolders.resume(folder())).hasMessageContaining("was changed after the run began");
    }

    @Test
    void otherSuite_isNotContinuedInTheFolder() {
        begin(this::succeed);

        assertThatThrownBy(() -> RunFolders.resume(folder(), prepared(SUITE.replace("disks: [1, 2]", "disks: [1]"))))
                .hasMessageContaining("changed since")
                .hasMessageContaining("--resume");
    }

    @Test
    void jobFile_isKeptSoThatAResumeNeedsNoOriginal() throws IOException {
        Path job = Files.writeString(temp.resolve("my.fio"), "[j]\nrw=randread\nruntime=1\ntime_based\n");
        RunRequest request = new RunRequest(
                "small",
                SuiteFile.parse(SUITE, "suite.yaml").withJobFile(job.toString()),
                List.of(),
                List.of(),
                false,
                List.of());
        RunFolders.begin(folder(), PreparedSuite.of(request)).close();
        Files.delete(job);

        try (RunFolders.Opened opened = RunFolders.resume(folder())) {
            assertThat(opened.suite().request().suite().jobFile())
                    .isEqualTo(folder().resolve("job.fio").toString());
            assertThat(opened.suite().plannedNs()).isEqualTo(4_000_000_000L);
        }
    }

    @Test
    void everyResult_namesTheCommandThatRepeatsIt() {
        List<String> commands = new ArrayList<>();
        begin((spec, result, log, listener) -> {
            commands.add(spec.command());
            return succeed(spec, result, log, listener);
        });

        assertThat(commands)
                .contains("ringside run small --set bs=8k --set threading=iothread --set disks=2 --repeats 2 --seed 1");
    }

    @Test
    void cacheAxisWithoutDirectIo_refusesTheCellsThatNeedIt() {
        PreparedSuite suite = prepared("name: c\njob: {rw: read}\naxes: {cache: [none, writeback]}\n");

        assertThat(suite.cells().values())
                .extracting(cell -> SuiteRun.mislabelled(cell, false).isPresent())
                .containsExactly(true, false);
        assertThat(suite.cells().values())
                .allSatisfy(cell -> assertThat(SuiteRun.mislabelled(cell, true)).isEmpty());
    }

    @Test
    void disturbedRuns_areRepeatedAtTheEndAndKeptAside() throws IOException {
        List<String> twiceDisturbed = new ArrayList<>();
        RunLauncher launcher = (spec, result, log, listener) -> {
            boolean again = executed.contains(spec.run().fileStem());
            succeed(spec, result, log, listener);
            if (spec.run().order() == 1 || spec.run().order() == 3 && !again) {
                twiceDisturbed.add(spec.run().fileStem());
                disturb(result);
            }
            return Optional.empty();
        };

        SuiteSummary summary;
        try (RunFolders.Opened opened = RunFolders.begin(folder(), prepared(SUITE))) {
            summary = SuiteRun.execute(opened.store(), opened.suite(), progress, cancellation, launcher, 2);
        }

        assertThat(summary).isEqualTo(new SuiteSummary(8, 8, 0, 0, 0, 11));
        assertThat(twiceDisturbed).hasSize(4);
        assertThat(executed.subList(8, 11))
                .as("after all others")
                .containsExactly(executed.get(1), executed.get(3), executed.get(1));
        assertThat(ResultStore.load(folder()).results())
                .filteredOn(run -> run.disturbance().isPresent())
                .extracting(RunResult::order)
                .containsExactly(1);
        try (var files = Files.list(folder().resolve("disturbed"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactly(
                            executed.get(1) + ".1.json", executed.get(1) + ".2.json", executed.get(3) + ".1.json");
        }
    }

    @Test
    void disturbedRuns_areLeftAloneUnlessAskedFor() {
        SuiteSummary summary = begin((spec, result, log, listener) -> {
            succeed(spec, result, log, listener);
            disturb(result);
            return Optional.empty();
        });

        assertThat(summary.executed()).isEqualTo(8);
        assertThat(folder().resolve("disturbed")).doesNotExist();
    }

    /** The cells with two disks scatter, the others do not: all that is left over goes to them, in pairs. */
    @Test
    void budget_goesToTheCellsThatAreKnownLeast() {
        int[] calls = new int[1];
        RunLauncher launcher = (spec, resultFile, logFile, listener) -> {
            executed.add(spec.run().fileStem());
            boolean scatters = spec.run().axes().get("disks").equals("2");
            calls[0]++;
            double iops = 1000 + (scatters ? 100 * (calls[0] % 7) : spec.run().repetition());
            AtomicFiles.write(
                    resultFile,
                    ResultJson.write(Results.result(
                            spec.run(), RunStatus.OK, Map.of("iops", new Metric(iops, "1/s", Metric.Better.HIGHER)))));
            if (executed.size() == 20) {
                cancellation.request();
            }
            return Optional.empty();
        };
        begin(launcher);

        try (RunFolders.Opened opened = RunFolders.resume(folder())) {
            SuiteRun.spend(
                    opened.store(),
                    opened.suite(),
                    progress,
                    cancellation,
                    launcher,
                    System.nanoTime() + 3_600_000_000_000L);
        }

        List<RunResult> results = ResultStore.load(folder()).results();
        assertThat(results).hasSize(20);
        List<RunResult> more = results.subList(8, 20);
        assertThat(more).allSatisfy(run -> assertThat(run.axes()).containsEntry("disks", "2"));
        assertThat(more.stream()
                        .filter(run -> run.axes().containsValue("iothread"))
                        .map(RunResult::repetition))
                .containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(more.get(0).seed())
                .isEqualTo(more.get(1).seed())
                .isNotEqualTo(more.get(2).seed());
        try (RunFolders.Opened opened = RunFolders.resume(folder())) {
            assertThat(opened.store().remaining()).isEmpty();
        }
    }

    @Test
    void budgetThatIsSpent_repeatsNothing() {
        begin(this::succeed);
        try (RunFolders.Opened opened = RunFolders.resume(folder())) {
            SuiteSummary summary = SuiteRun.spend(
                    opened.store(), opened.suite(), progress, cancellation, this::succeed, System.nanoTime());
            assertThat(summary.executed()).isZero();
        }
        assertThat(executed).hasSize(8);
    }

    private static void disturb(Path file) {
        try {
            String text = Files.readString(file);
            String events = "\"events\":[{\"kind\":\"disturbed\",\"atNs\":0,\"durationNs\":1,\"detail\":\"x\"}]";
            String changed = text.replaceFirst("\"events\"\\s*:\\s*\\[\\s*\\]", events);
            assertThat(changed).isNotEqualTo(text);
            AtomicFiles.write(file, changed);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private SuiteSummary begin(RunLauncher launcher) {
        RunLauncher counting = launcher;
        try (RunFolders.Opened opened = RunFolders.begin(folder(), prepared(SUITE))) {
            return SuiteRun.execute(opened.store(), opened.suite(), progress, cancellation, counting, 0);
        }
    }

    private SuiteSummary resume() {
        try (RunFolders.Opened opened = RunFolders.resume(folder())) {
            return SuiteRun.execute(opened.store(), opened.suite(), progress, new Cancellation(), this::succeed, 0);
        }
    }

    private Optional<String> succeed(RunSpec spec, Path resultFile, Path logFile, RunProgressListener listener) {
        executed.add(spec.run().fileStem());
        listener.progress("MEASURE", 500_000_000L, 1_000_000_000L, 1000);
        RunResult result =
                Results.result(spec.run(), RunStatus.OK, Map.of("iops", new Metric(1000, "1/s", Metric.Better.HIGHER)));
        AtomicFiles.write(resultFile, ResultJson.write(result));
        return Optional.empty();
    }

    private Path folder() {
        return temp.resolve("out");
    }

    private static PreparedSuite prepared(String yaml) {
        return PreparedSuite.of(new RunRequest(
                "small",
                SuiteFile.parse(yaml, "suite.yaml"),
                List.of(),
                List.of(),
                false,
                List.of("run", "small", "--set", "bs=8k", "--set=disks=1,2")));
    }

    private static final class Recorder implements SuiteProgress {
        private final List<RunResult> finished = new ArrayList<>();

        @Override
        public void note(String text) {}

        @Override
        public void started(PlannedRun run, String label, int number, int planned) {}

        @Override
        public void progress(String phase, double iops, long leftNs) {
            assertThat(iops).isEqualTo(2000);
            assertThat(leftNs).isNotNegative();
        }

        @Override
        public void finished(PlannedRun run, String label, RunResult result, int number, int planned) {
            finished.add(result);
        }
    }
}
