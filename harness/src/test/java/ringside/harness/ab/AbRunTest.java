package ringside.harness.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.run.Cancellation;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunRequest;
import ringside.harness.run.SuiteProgress;
import ringside.harness.suite.SuiteFile;

/** With launchers that copy a finished folder; the real one is used by the test of the command. */
class AbRunTest {
    private static final String SUITE = """
            name: small
            repeats: 2
            disk: {driver: null}
            job: {rw: randread, runtime: 1, time_based: 1}
            axes: {threading: [big-lock, iothread]}
            """;

    @TempDir
    Path temp;

    private final List<String> order = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Cancellation cancellation = new Cancellation();
    private int stopAfter = Integer.MAX_VALUE;

    private final SuiteProgress progress = new SuiteProgress() {
        @Override
        public void note(String text) {
            notes.add(text);
        }

        @Override
        public void started(PlannedRun run, String label, int number, int planned) {}

        @Override
        public void progress(String phase, double iops, long leftNs) {}

        @Override
        public void finished(PlannedRun run, String label, RunResult result, int number, int planned) {
            order.add(label + " r" + run.repetition());
            if (order.size() == stopAfter) {
                cancellation.request();
            }
        }
    };

    private static PreparedSuite prepared() {
        return PreparedSuite.of(new RunRequest(
                "small.yaml", SuiteFile.parse(SUITE, "small.yaml"), List.of(), List.of(), false, List.of()));
    }

    /** A program whose every run has this rate. */
    private AbSide side(String name, double iops) throws IOException {
        PlannedRun run = new PlannedRun(0, "cell", 0, 7, Map.of());
        Plan shape = Results.plan(1, 1);
        Path template = temp.resolve(name + "-template");
        Plan plan = new Plan(
                shape.schemaVersion(),
                "other",
                "",
                7,
                1,
                "abc",
                List.of(),
                Map.of(),
                RunFolder.DEFAULT_COMPARED,
                List.of(run));
        try (ResultStore store = ResultStore.create(template, "name: other\n", plan)) {
            store.add(run, Results.ok(run, iops));
            Files.createDirectories(store.logFile(run).getParent());
            Files.writeString(store.logFile(run), "worker of " + name + "\n");
        }
        return new AbSide(
                name,
                name,
                script(
                        name,
                        "echo \"$@\" >> '" + temp + "/calls'; for last; do :; done; cp -r '" + template
                                + "' \"$last\""),
                List.of("iodepth=" + (int) iops));
    }

    private String script(String name, String command) throws IOException {
        Path script = temp.resolve(name + ".sh");
        Files.writeString(script, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    private Path out() {
        return temp.resolve("out");
    }

    @Test
    void pairs_areMadeInTurns() throws IOException {
        try (AbFolder folder = AbFolder.begin(out(), prepared(), AbPlan.of(side("base", 100), side("head", 90)))) {
            AbRun.Progress made = AbRun.execute(folder, progress, cancellation, 0);

            assertThat(made).isEqualTo(new AbRun.Progress(8, 8, 0));
        }

        assertThat(order.subList(0, 4)).allMatch(line -> line.endsWith(" r0"));
        assertThat(order.get(0)).contains("base");
        assertThat(order.get(1)).isEqualTo(order.get(0).replace("base", "head"));
        assertThat(order.get(4)).contains("head");
        assertThat(order.get(5)).isEqualTo(order.get(4).replace("head", "base"));
        RunFolder head = ResultStore.load(out().resolve("head"));
        assertThat(head.results())
                .extracting(RunResult::cell)
                .containsExactlyInAnyOrder("big-lock", "big-lock", "iothread", "iothread");
        assertThat(head.results())
                .allSatisfy(run -> assertThat(run.metrics().get("iops").value()).isEqualTo(90));
        assertThat(out().resolve("work")).doesNotExist();
    }

    @Test
    void partners_getTheSameSeedAndTheirOwnSettings() throws IOException {
        try (AbFolder folder = AbFolder.begin(out(), prepared(), AbPlan.of(side("base", 100), side("head", 90)))) {
            AbRun.execute(folder, progress, cancellation, 0);
        }

        List<String> calls = Files.readAllLines(temp.resolve("calls"));
        for (int pair = 0; pair < calls.size(); pair += 2) {
            assertThat(calls.get(pair).replaceAll("iodepth=\\d+", ""))
                    .isEqualTo(calls.get(pair + 1).replaceAll("iodepth=\\d+", ""));
        }
        assertThat(calls.getFirst()).contains("--set iodepth=100", "--repeats 1", "--no-report");
        assertThat(calls.get(1)).contains("--set iodepth=90");
    }

    @Test
    void stoppedBetweenPartners_makesThePairAgain() throws IOException {
        AbPlan plan = AbPlan.of(side("base", 100), side("head", 90));
        stopAfter = 3;
        try (AbFolder folder = AbFolder.begin(out(), prepared(), plan)) {
            assertThat(AbRun.execute(folder, progress, cancellation, 0).complete())
                    .isFalse();
        }
        order.clear();

        try (AbFolder folder = AbFolder.resume(out())) {
            assertThat(folder.plan()).isEqualTo(plan);
            assertThat(AbRun.execute(folder, progress, new Cancellation(), 0).complete())
                    .isTrue();
        }

        assertThat(order).hasSize(6);
        assertThat(notes).singleElement().asString().contains("has no partner");
    }

    @Test
    void programThatRefuses_isQuoted() throws IOException {
        String refusing = script("head", "echo 'ringside: no such option' >&2; exit 2");
        AbPlan plan = AbPlan.of(side("base", 100), new AbSide("head", "v9", refusing, List.of()));
        try (AbFolder folder = AbFolder.begin(out(), prepared(), plan)) {
            assertThatThrownBy(() -> AbRun.execute(folder, progress, cancellation, 0))
                    .isInstanceOf(HarnessException.class)
                    .hasMessage("head (v9) ended with 2: no such option");
        }
        assertThat(ResultStore.load(out().resolve("base")).results()).hasSize(1);
    }

    @Test
    void folderThatHoldsPairs_isNotOverwritten() throws IOException {
        AbPlan plan = AbPlan.of(side("base", 100), side("head", 90));
        AbFolder.begin(out(), prepared(), plan).close();

        assertThatThrownBy(() -> AbFolder.begin(out(), prepared(), plan)).hasMessageContaining("already holds pairs");
        assertThatThrownBy(() -> AbFolder.resume(temp)).hasMessageContaining("not a folder of ringside ab");
    }
}
