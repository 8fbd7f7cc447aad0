package ringside.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;

/** Writes made-up folders where readers find them, without the store, which makes every file stable: that takes seconds. */
public final class OnDisk {
    private OnDisk() {}

    /** The whole folder, with the plan of the runs given first. */
    public static Path write(RunFolder folder) {
        begin(folder);
        folder.results().forEach(run -> add(folder.directory(), run));
        return folder.directory();
    }

    /** A folder in which no run has finished. */
    public static Path begin(RunFolder folder) {
        List<PlannedRun> runs = folder.results().stream().map(OnDisk::planned).toList();
        Plan plan = new Plan(
                RunResult.SCHEMA_VERSION,
                folder.suite(),
                folder.title(),
                1,
                4,
                "0",
                List.of("run", "fixture"),
                Map.of(),
                folder.compared(),
                runs);
        try {
            Files.createDirectories(folder.directory().resolve("results"));
            Files.writeString(folder.directory().resolve("suite.yaml"), folder.suiteYaml());
            Files.writeString(folder.directory().resolve("plan.json"), ResultJson.write(plan));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder.directory();
    }

    /** One more finished run, whole or not at all. */
    public static void add(Path directory, RunResult run) {
        Path file = directory.resolve("results").resolve(planned(run).fileStem() + ".json");
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, ResultJson.write(run));
            Files.move(part, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PlannedRun planned(RunResult run) {
        return new PlannedRun(run.order(), run.cell(), run.repetition(), run.seed(), run.axes());
    }
}
