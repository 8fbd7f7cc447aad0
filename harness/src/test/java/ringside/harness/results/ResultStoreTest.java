package ringside.harness.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;

class ResultStoreTest {
    @TempDir
    Path temp;

    @Test
    void resultWritten_isReadBackEqual() {
        Plan plan = Results.plan(2, 2);
        Path folder = temp.resolve("out");
        RunResult result = Results.ok(plan.runs().get(3), 812_345.678);
        try (ResultStore store = ResultStore.create(folder, "name: test\n", plan)) {
            store.add(plan.runs().get(3), result);
        }

        RunFolder loaded = ResultStore.load(folder);

        assertThat(loaded.results()).containsExactly(result);
        assertThat(loaded.planned()).isEqualTo(4);
        assertThat(loaded.suiteYaml()).isEqualTo("name: test\n");
        assertThat(loaded.compared()).isEqualTo(plan.compared());
        assertThat(folder.resolve("results/0003-cell1-r1.json")).exists();
    }

    @Test
    void planWritten_isReadBackEqual() {
        Plan plan = Results.plan(3, 2);
        Path folder = temp.resolve("out");
        ResultStore.create(folder, "x", plan).close();

        try (ResultStore again = ResultStore.resume(folder)) {
            assertThat(again.plan()).isEqualTo(plan);
            assertThat(again.remaining()).isEqualTo(plan.runs());
        }
    }

    @Test
    void halfWrittenFileLeftByKill_isIgnoredByLoadAndRemovedByResume() throws IOException {
        Plan plan = Results.plan(2, 1);
        Path folder = temp.resolve("out");
        try (ResultStore store = ResultStore.create(folder, "x", plan)) {
            store.add(plan.runs().get(0), Results.ok(plan.runs().get(0), 1));
        }
        Path leftover = folder.resolve("results/0001-cell1-r0.json.4711.part");
        Files.writeString(leftover, "{ \"schemaVersion\": 1, \"sui");

        assertThat(ResultStore.load(folder).results()).hasSize(1);
        try (ResultStore store = ResultStore.resume(folder)) {
            assertThat(leftover).doesNotExist();
            assertThat(store.remaining()).containsExactly(plan.runs().get(1));
        }
    }

    @Test
    void finishedRun_isNeverReplaced() {
        Plan plan = Results.plan(1, 1);
        PlannedRun run = plan.runs().get(0);
        try (ResultStore store = ResultStore.create(temp.resolve("out"), "x", plan)) {
            store.add(run, Results.ok(run, 1));

            assertThatThrownBy(() -> store.add(run, Results.ok(run, 2))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void folderInUse_isRefused() {
        Path folder = temp.resolve("out");
        try (ResultStore first = ResultStore.create(folder, "x", Results.plan(1, 1))) {
            assertThat(first.remaining()).hasSize(1);
            assertThatThrownBy(() -> ResultStore.resume(folder)).hasMessageContaining("in use by another ringside");
        }
    }

    @Test
    void folderWithResults_isNotBegunAnew() {
        Path folder = temp.resolve("out");
        ResultStore.create(folder, "x", Results.plan(1, 1)).close();

        assertThatThrownBy(() -> ResultStore.create(folder, "x", Results.plan(1, 1)))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("--resume");
    }

    @Test
    void foreignFolder_isRefusedInOneLine() throws IOException {
        Files.writeString(temp.resolve("thesis.txt"), "mine");

        assertThatThrownBy(() -> ResultStore.load(temp)).hasMessageContaining("not a results folder of Ringside");
        assertThatThrownBy(() -> ResultStore.create(temp, "x", Results.plan(1, 1)))
                .hasMessageContaining("is not empty");
        assertThatThrownBy(() -> ResultStore.load(temp.resolve("absent"))).hasMessageContaining("no such folder");
    }

    @Test
    void newerSchema_isRefusedByName() throws IOException {
        Path folder = temp.resolve("out");
        ResultStore.create(folder, "x", Results.plan(1, 1)).close();
        Path plan = folder.resolve("plan.json");
        Files.writeString(
                plan, Files.readString(plan).replace("\"schemaVersion\" : 2", "\"schemaVersion\" : 99, \"new\" : 1"));

        assertThatThrownBy(() -> ResultStore.load(folder)).hasMessageContaining("newer Ringside (schema 99");
    }

    /** Of schema 2 there are results that did not count them. */
    @Test
    void jobWithoutOtherErrors_hasNone() {
        RunResult result = Results.ok(Results.plan(1, 1).runs().get(0), 1);
        String job = "{\"name\": \"j\", \"options\": {}, \"clones\": 1, \"elapsedNs\": 5, \"directions\": {}}";
        String text = ResultJson.write(result).replaceFirst("\"jobs\" : \\[ *\\]", "\"jobs\" : [" + job + "]");

        assertThat(ResultJson.read(text, RunResult.class, Path.of("x")).jobs())
                .singleElement()
                .satisfies(read -> assertThat(read.otherErrors()).isZero());
    }

    @Test
    void olderSchema_isReadWithoutWhatItDidNotKnow() throws IOException {
        Plan plan = Results.plan(1, 1);
        Path folder = temp.resolve("out");
        RunResult result = Results.ok(plan.runs().get(0), 1);
        try (ResultStore store = ResultStore.create(folder, "x", plan)) {
            store.add(plan.runs().get(0), result);
        }
        Path file = folder.resolve("results/0000-cell0-r0.json");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("\"schemaVersion\" : 2", "\"schemaVersion\" : 1")
                        .replaceFirst("(?s)  \"jobs\".*?  \"command\"", "  \"command\""));

        RunResult read = ResultStore.load(folder).results().getFirst();
        assertThat(read.schemaVersion()).isEqualTo(1);
        assertThat(read.metrics()).isEqualTo(result.metrics());
        assertThat(read.jobs()).isEmpty();
        assertThat(read.steadiness()).isEqualTo(Steadiness.UNKNOWN);
        assertThat(read.events()).isEmpty();
    }

    @Test
    void damagedResult_isNamedInOneLine() throws IOException {
        Plan plan = Results.plan(1, 1);
        Path folder = temp.resolve("out");
        try (ResultStore store = ResultStore.create(folder, "x", plan)) {
            store.add(plan.runs().get(0), Results.ok(plan.runs().get(0), 1));
        }
        Path file = folder.resolve("results/0000-cell0-r0.json");
        Files.writeString(file, Files.readString(file).replace("\"reason\"", "\"reasn\""));

        assertThatThrownBy(() -> ResultStore.load(folder))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("0000-cell0-r0.json")
                .hasMessageContaining("reas")
                .hasMessageNotContaining("\n");
    }
}
