package ringside.reports.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;

/** What a folder was meant to hold, so that missing cells are shown as missing. */
final class Plans {
    private Plans() {}

    /** The plan beside the results; empty where the folder is not on disk. */
    static Optional<Plan> read(RunFolder folder) {
        Path file = folder.directory().resolve("plan.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ResultJson.read(Files.readString(file), Plan.class, file));
        } catch (IOException e) {
            throw HarnessException.environment("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** All cells, also those without a finished run, in order of the plan. */
    static List<Cell> cells(Optional<Plan> plan, List<RunResult> results) {
        Map<String, Map<String, String>> axes = new LinkedHashMap<>();
        Map<String, Integer> planned = new LinkedHashMap<>();
        for (PlannedRun run : plan.map(Plan::runs).orElse(List.of())) {
            axes.putIfAbsent(run.cell(), run.axes());
            planned.merge(run.cell(), 1, Integer::sum);
        }
        Map<String, List<RunResult>> runs = new LinkedHashMap<>();
        for (RunResult run : results) {
            axes.putIfAbsent(run.cell(), run.axes());
            runs.computeIfAbsent(run.cell(), _ -> new ArrayList<>()).add(run);
        }
        List<Cell> cells = new ArrayList<>();
        axes.forEach((id, values) -> {
            List<RunResult> own = runs.getOrDefault(id, new ArrayList<>());
            own.sort((a, b) -> Integer.compare(a.repetition(), b.repetition()));
            cells.add(Cell.of(id, values, planned.getOrDefault(id, own.size()), own));
        });
        return cells;
    }
}
