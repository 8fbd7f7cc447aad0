package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;

/** The real program against itself. */
class AbCommandTest {
    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int ringside(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }

    /** A folder whose launcher starts the classes under test. */
    private Path program() throws IOException {
        Path launcher = temp.resolve("program").resolve("ringside");
        Files.createDirectories(launcher.getParent());
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec '" + System.getProperty("java.home")
                        + "/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' ringside.harness.cli.Main \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return launcher.getParent();
    }

    private String suite() throws IOException {
        Path suite = temp.resolve("small.yaml");
        Files.writeString(suite, """
                name: small
                repeats: 1
                disk: {driver: null}
                job: {rw: randread, runtime: 200ms, ramp_time: 0, time_based: 1, iodepth: 2}
                axes: {threading: [iothread]}
                """);
        return suite.toString();
    }

    @Test
    void realProgram_makesAPairThatIsTooFewToTell() throws IOException {
        String program = program().toString();
        Path folder = temp.resolve("pairs");

        int code = ringside(
                "ab",
                "--base-dir",
                program,
                "--head-dir",
                program,
                "--head-set",
                "iodepth=8",
                "--suite",
                suite(),
                "--pairs",
                "1",
                "--out",
                folder.toString());

        // On a busy host a run of 200 ms may not be valid.
        assertThat(code).as(err.toString()).isIn(0, 1);
        assertThat(out.toString()).contains("too few runs", "verdict in iops: undecided", "option iodepth: 2 -> 8");
        RunResult base = ResultStore.load(folder.resolve("base")).results().getFirst();
        RunResult head = ResultStore.load(folder.resolve("head")).results().getFirst();
        assertThat(base.options()).containsEntry("iodepth", "2");
        assertThat(head.options()).containsEntry("iodepth", "8");
        assertThat(head.seed()).isEqualTo(base.seed());
        assertThat(head.jobs()).singleElement().satisfies(job -> {
            assertThat(job.options()).containsEntry("rw", "randread").containsEntry("iodepth", "8");
            assertThat(job.directions()).containsOnlyKeys("read");
            assertThat(job.directions().get("read").ios())
                    .isEqualTo((long) head.metrics().get("ios").value());
        });
        assertThat(folder.resolve("head/histograms")).isNotEmptyDirectory();
    }

    @Test
    void nothingToCompare_isRefused() throws IOException {
        assertThat(ringside("ab", "--suite", suite())).isEqualTo(2);
        assertThat(err.toString()).contains("nothing to compare").hasLineCount(1);
    }

    @Test
    void axisForOneSideOnly_isRefused() throws IOException {
        assertThat(ringside("ab", "--suite", suite(), "--head-set", "threading=big-lock"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("is an axis of the suite").hasLineCount(1);
    }

    @Test
    void toleranceAboveTheEffect_isRefused() throws IOException {
        assertThat(ringside("ab", "--suite", suite(), "--tolerance", "5%")).isEqualTo(2);
        assertThat(err.toString()).contains("--tolerance 5%").hasLineCount(1);
    }

    @Test
    void dryRun_countsRunsOfBothSides() throws IOException {
        assertThat(ringside("ab", "--suite", suite(), "--head-set", "iodepth=8", "--dry-run"))
                .isZero();
        assertThat(out.toString()).contains("1 cells x 10 pairs = 20 runs");
    }

    @Test
    void dryRunWithASettingWithoutValue_isRefused() throws IOException {
        assertThat(ringside("ab", "--suite", suite(), "--head-set", "iodepth", "--dry-run"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("write --head-set NAME=VALUE").hasLineCount(1);
    }
}
