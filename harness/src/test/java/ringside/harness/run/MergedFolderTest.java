package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.suite.SuiteFile;
import ringside.harness.sweep.Shard;

class MergedFolderTest {
    private static final String SUITE = """
            name: small
            repeats: 2
            disk: {driver: null}
            job: {rw: randread, runtime: 1, time_based: 1}
            axes: {threading: [big-lock, iothread], disks: [1, 2, 4]}
            """;

    @TempDir
    Path temp;

    @Test
    void sharesOfASuite_becomeTheFolderThatOneMachineWouldHaveMade() throws IOException {
        Path one = share("1/2", SUITE, "6.1");
        Path two = share("2/2", SUITE, "6.1");
        Path whole = temp.resolve("whole");

        MergedFolder.Merged merged = MergedFolder.make(whole, List.of(two, one), false);

        assertThat(merged.runs()).isEqualTo(12);
        assertThat(merged.planned()).isEqualTo(12);
        assertThat(merged.differences()).isEmpty();
        RunFolder folder = ResultStore.load(whole);
        assertThat(folder.results())
                .extracting(run -> run.order())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        try (RunFolders.Opened alone = RunFolders.begin(temp.resolve("alone"), prepared(SUITE))) {
            assertThat(ResultStore.plan(whole).runs())
                    .isEqualTo(alone.store().plan().runs());
        }
        PlannedRun run = ResultStore.plan(one).runs().getFirst();
        assertThat(whole.resolve("logs").resolve(run.fileStem() + ".log")).hasContent("said " + run.order());
        assertThat(Files.readString(ResultStore.resultFile(whole, run)))
                .isEqualTo(Files.readString(ResultStore.resultFile(one, run)));
    }

    @Test
    void missingShare_canBeRunInTheMergedFolder() {
        MergedFolder.Merged merged =
                MergedFolder.make(temp.resolve("whole"), List.of(share("1/3", SUITE, "6.1")), false);

        assertThat(merged.runs()).isEqualTo(4);
        assertThat(merged.planned()).isEqualTo(12);
        try (RunFolders.Opened opened = RunFolders.resume(temp.resolve("whole"))) {
            assertThat(opened.store().remaining()).hasSize(8);
        }
    }

    @Test
    void otherSuite_isRefused() {
        Path one = share("1/2", SUITE, "6.1");
        Path other = share("2/2", SUITE.replace("runtime: 1", "runtime: 2"), "6.1");

        assertThatThrownBy(() -> MergedFolder.make(temp.resolve("whole"), List.of(one, other), true))
                .hasMessageContaining("not of the same suite");
        assertThat(temp.resolve("whole")).doesNotExist();
    }

    @Test
    void unlikeMachines_areRefusedUnlessAskedFor() {
        List<Path> shares = List.of(share("1/2", SUITE, "6.1"), share("2/2", SUITE, "6.12"));

        assertThatThrownBy(() -> MergedFolder.make(temp.resolve("whole"), shares, false))
                .hasMessageContaining("kernel is 6.1 and 6.12")
                .hasMessageContaining("--mixed");
        assertThat(MergedFolder.make(temp.resolve("whole"), shares, true).differences())
                .containsOnlyKeys("kernel");
    }

    @Test
    void differentResultsOfOneRun_areRefused() {
        Path one = share("1/2", SUITE, "6.1");
        Path again = temp.resolve("again");
        begin("1/2", SUITE, again, "6.2");

        assertThatThrownBy(() -> MergedFolder.make(temp.resolve("whole"), List.of(one, again), true))
                .hasMessageContaining("both have a result of")
                .hasMessageContaining("they differ");
        assertThat(MergedFolder.make(temp.resolve("twice"), List.of(one, one), false)
                        .runs())
                .as("the same folder twice")
                .isEqualTo(ResultStore.load(one).results().size());
    }

    private Path share(String shard, String suite, String kernel) {
        Path folder = temp.resolve("share" + shard.replace('/', '-') + suite.hashCode());
        begin(shard, suite, folder, kernel);
        return folder;
    }

    private static void begin(String shard, String suite, Path folder, String kernel) {
        try (RunFolders.Opened opened = RunFolders.begin(folder, prepared(suite), Shard.parse(shard))) {
            for (PlannedRun run : opened.store().plan().runs()) {
                opened.store().add(run, Results.onKernel(Results.ok(run, 1000 + run.order()), kernel));
                Path log = opened.store().logFile(run);
                Files.createDirectories(log.getParent());
                Files.writeString(log, "said " + run.order());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PreparedSuite prepared(String suite) {
        return PreparedSuite.of(
                new RunRequest("small", SuiteFile.parse(suite, "suite.yaml"), List.of(), List.of(), false, List.of()));
    }
}
