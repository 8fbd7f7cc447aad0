package ringside.harness.trend;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Steadiness;
import ringside.harness.stats.CellSteadiness;

/**
 * One results folder of a history, without its distributions and series: a history may hold hundreds.
 *
 * @param folder the folder, with the first run of each cell only
 * @param startedAt begin of its first run
 * @param revision revision of Ringside that was measured
 * @param values geometric mean of the valid runs' metric by cell; cells without one are missing
 * @param unsteady cells whose runs mix levels
 */
record HistoryPoint(
        RunFolder folder, OffsetDateTime startedAt, String revision, Map<String, Double> values, Set<String> unsteady) {
    /**
     * Takes from a folder what a history needs.
     *
     * @throws HarnessException when it has no finished run
     */
    static HistoryPoint of(RunFolder full, String metric) {
        if (full.results().isEmpty()) {
            throw HarnessException.badInput(full.directory() + " has no finished run: leave it out of the history");
        }
        RunResult first = full.results().getFirst();
        Set<String> unsteady = new LinkedHashSet<>();
        CellSteadiness.mixing(full.results()).forEach(cell -> unsteady.add(cell.cell()));
        return new HistoryPoint(
                new RunFolder(
                        full.directory(),
                        full.suite(),
                        "",
                        full.title(),
                        full.planned(),
                        light(full.results()),
                        full.compared()),
                time(full, first.provenance().startedAt()),
                first.provenance().gitRevision(),
                values(full.results(), metric),
                unsteady);
    }

    private static OffsetDateTime time(RunFolder folder, String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeParseException e) {
            throw HarnessException.badInput(
                    folder.directory() + ": its first run began at '" + text + "', which is no time", e);
        }
    }

    private static Map<String, Double> values(List<RunResult> runs, String metric) {
        Map<String, List<Double>> logs = new LinkedHashMap<>();
        for (RunResult run : runs) {
            Metric value = run.metrics().get(metric);
            if (run.status() == RunStatus.OK && value != null && value.value() > 0) {
                logs.computeIfAbsent(run.cell(), _ -> new ArrayList<>()).add(Math.log(value.value()));
            }
        }
        Map<String, Double> values = new LinkedHashMap<>();
        logs.forEach((cell, all) -> values.put(
                cell,
                Math.exp(all.stream().mapToDouble(Double::doubleValue).average().orElseThrow())));
        return values;
    }

    /** The first run of each cell, without what takes room. */
    private static List<RunResult> light(List<RunResult> runs) {
        Map<String, RunResult> first = new LinkedHashMap<>();
        for (RunResult run : runs) {
            first.computeIfAbsent(run.cell(), _ -> light(run));
        }
        return List.copyOf(first.values());
    }

    private static RunResult light(RunResult run) {
        return new RunResult(
                run.schemaVersion(),
                run.suite(),
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                run.status(),
                run.reason(),
                run.axes(),
                run.options(),
                run.metrics(),
                Map.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                Steadiness.UNKNOWN,
                List.of(),
                run.command(),
                run.provenance());
    }

    TrendPoint point() {
        return new TrendPoint(
                label(),
                folder.directory().toAbsolutePath().normalize().getFileName().toString(),
                revision,
                startedAt.toString());
    }

    /** Revision and folder, for people. */
    String label() {
        Object name = folder.directory().getFileName();
        return shortRevision(revision) + " (" + name + ")";
    }

    private static String shortRevision(String revision) {
        return revision.matches("[0-9a-f]{40}.*") ? revision.substring(0, 12) + revision.substring(40) : revision;
    }
}
