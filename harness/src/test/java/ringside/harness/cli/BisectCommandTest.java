package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.ResultStore;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;

/** On a repository whose commits hold programs of a known rate. */
class BisectCommandTest {
    private static final String SUITE = """
            name: small
            disk: {driver: null}
            job: {rw: randread, runtime: 1, time_based: 1}
            axes: {threading: [big-lock, iothread]}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Read only once it is made. */
    @TempDir
    static Path temp;

    private static Path repository;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeRepository() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/git")))
                .as("git is installed")
                .isTrue();
        repository = Files.createDirectories(temp.resolve("repository"));
        Files.writeString(temp.resolve("small.yaml"), SUITE);
        git("init", "-q");
        commit("start", 100, "");
        commit("better comments", 100, "");
        commit("does not build", 100, "exit 70");
        commit("tidy", 100, "");
        commit("take the lock twice", 90, "");
        commit("more tests", 90, "");
        commit("faster again", 100, "");
    }

    private static void commit(String subject, double iops, String build) throws Exception {
        PlannedRun run = new PlannedRun(0, "cell", 0, 7, Map.of());
        Plan shape = Results.plan(1, 1);
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
        Path template = repository.resolve("template");
        Files.createDirectories(template.resolve("results"));
        Files.writeString(template.resolve("suite.yaml"), "name: other\n");
        Files.writeString(template.resolve("plan.json"), ResultJson.write(plan));
        Files.writeString(ResultStore.resultFile(template, run), ResultJson.write(Results.ok(run, iops)));
        Path launcher = repository.resolve("scripts/ringside");
        Files.createDirectories(launcher.getParent());
        Files.writeString(launcher, """
                #!/bin/sh
                # %s
                if [ "$1" = --version ]; then
                  %s
                  exit 0
                fi
                for last; do :; done
                cp -r "${0%%/scripts/*}/template" "$last"
                """.formatted(subject, build));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        git("add", ".");
        git("commit", "-q", "-m", subject);
    }

    private static void git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("git", "-C", repository.toString(), "-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private int bisect(String good, String bad) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(
                        "bisect",
                        "--good",
                        good,
                        "--bad",
                        bad,
                        "--suite",
                        temp.resolve("small.yaml").toString(),
                        "--cell",
                        "iothread",
                        "--pairs",
                        "3",
                        "--repository",
                        repository.toString(),
                        "--builds",
                        temp.resolve("builds").toString(),
                        "--out",
                        folder.resolve("out").toString());
    }

    @Test
    void firstBadCommit_isNamedAndAskedAgainNothingIsMeasuredTwice() throws IOException {
        int code = bisect("HEAD~6", "HEAD~1");

        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains(
                        "5 commits; first ",
                        "cannot be tested: revision",
                        "bad, 0.900 [0.900, 0.900] of the good one's")
                .containsPattern("first bad commit: [0-9a-f]{12} take the lock twice\\R");
        List<Path> before = results();

        assertThat(bisect("HEAD~6", "HEAD~1")).isZero();

        assertThat(results()).isEqualTo(before);
        assertThat(bisect("HEAD~5", "HEAD~1")).isEqualTo(2);
        assertThat(err.toString()).contains("holds another search");
    }

    private List<Path> results() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("out"))) {
            return all.filter(file -> file.toString().endsWith("-r0.json"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void goodCommitThatDoesNotBuild_isRefused() {
        assertThat(bisect("HEAD~4", "HEAD~1")).isEqualTo(2);
        assertThat(out.toString()).contains("cannot be tested: revision");
        assertThat(err.toString()).contains("or the good one cannot be tested, see above");
    }

    @Test
    void badCommitThatIsNotSlower_leavesNothingToFind() {
        assertThat(bisect("HEAD~6", "HEAD")).isEqualTo(6);
        assertThat(out.toString()).contains("nothing to find: same in ");
    }

    @Test
    void goodCommitOfAnotherLine_isRefused() {
        assertThat(bisect("HEAD", "HEAD~1")).isEqualTo(2);
        assertThat(err.toString()).contains("is no ancestor of the bad one");
    }
}
