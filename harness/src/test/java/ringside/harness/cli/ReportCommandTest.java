package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.Results;

/** The command line of reports; what they look like is tested where they are made, which this module cannot see. */
class ReportCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path temp;

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }

    private Path folder(String name, int finished) throws IOException {
        Path directory = temp.resolve(name);
        Plan plan = Results.plan(2, 3);
        Files.createDirectories(directory.resolve("results"));
        Files.writeString(directory.resolve("suite.yaml"), "name: test\n");
        Files.writeString(directory.resolve("plan.json"), ResultJson.write(plan));
        for (PlannedRun run : plan.runs().subList(0, finished)) {
            Files.writeString(
                    directory.resolve("results").resolve(run.fileStem() + ".json"),
                    ResultJson.write(Results.ok(run, 1000 + run.order())));
        }
        return directory;
    }

    private void refused(String message, String... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString()).startsWith("ringside: ").contains(message).containsOnlyOnce("\n");
    }

    @Test
    void badCommandLine_isOneLineWithARemedy() throws IOException {
        String full = folder("full", 6).toString();
        String empty = folder("empty", 0).toString();
        refused("name one results folder, or give --history FOLDER", "report");
        refused("name one results folder", "report", full, "--history", temp.toString());
        refused("not a history", "report", "--history", temp.toString(), "--against", full);
        refused("--port is for --serve", "report", full, "--port", "80");
        refused("--port must be 0 to 65535", "report", full, "--serve", "--port", "70000");
        refused("--serve takes a folder", "report", full, "--serve", "--format", "md");
        refused("is no web address", "report", "--history", temp.toString(), "--repository", "javascript:alert(1)");
        refused("no such folder", "report", temp.resolve("gone").toString());
        refused("has no finished run", "report", full, "--against", empty);
        refused("--min-effect", "report", full, "--against", full, "--min-effect", "1%", "--tolerance", "2%");
        refused("no run has a metric 'speed'", "report", full, "--against", full, "--metric", "speed");
    }

    @Test
    void badReferences_areOneLineWithFileAndRemedy() throws IOException {
        String full = folder("full", 6).toString();
        Path file = temp.resolve("published.yaml");
        String good = "references:\n  - {label: a, iops: 147000, system: KVM, source: a paper}\n";
        Files.writeString(file, good);
        assertThat(run("report", full, "--reference", file.toString())).isZero();

        refused(
                "for the report of one results folder",
                "report",
                full,
                "--against",
                full,
                "--reference",
                file.toString());
        refused("name one results folder", "report", "--reference", file.toString());
        refused("--serve takes a folder", "report", full, "--serve", "--reference", file.toString());
        refused(
                "cannot read",
                "report",
                full,
                "--reference",
                temp.resolve("gone.yaml").toString());
        refusedFile(full, file, "references: []\n", "published.yaml:1: there is no figure");
        refusedFile(full, file, good.replace(", source: a paper", ""), "published.yaml:2: a reference needs 'source'");
        refusedFile(full, file, good.replace("147000", "147k"), "iops: '147k' is no number of requests per second");
        refusedFile(full, file, good.replace("147000", "0"), "iops: '0' is no number");
        refusedFile(full, file, good.replace("system", "machine"), "unknown key 'machine'; known: iops, label");
        refusedFile(full, file, good + good.lines().toList().get(1) + "\n", "published.yaml:3: 'a' is there twice");
    }

    private void refusedFile(String folder, Path file, String text, String message) throws IOException {
        Files.writeString(file, text);
        refused(message, "report", folder, "--reference", file.toString());
    }

    @Test
    void withoutRenderer_whatIsMissingIsSaid() throws IOException {
        assertThat(run("report", folder("part", 2).toString())).isZero();

        assertThat(out.toString()).contains("needs ringside-reports");
        assertThat(err.toString()).contains("2 of 6 runs are finished; continue with: ringside run --resume");
    }
}
