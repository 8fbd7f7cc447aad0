package ringside.harness.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.suite.Units;

/**
 * What earlier runs of a suite took on this host beyond what their jobs plan: the start of the JVMs, the machine, the drain,
 * the results. From one run's start to the next one's.
 *
 * @param overheadNs median over those runs, nanoseconds
 * @param runs how many
 * @param folders in how many results folders
 */
public record PastRuns(long overheadNs, int runs, int folders) {
    private static final int NEWEST_FOLDERS = 5;
    private static final int RUNS_PER_FOLDER = 40;
    private static final String RAMP = "ramp_time";
    private static final List<String> SAME_HOST = List.of("cpu", "cores");

    /**
     * Looks at the newest results folders in a folder; those that cannot be read, of other suites or other hosts tell nothing.
     *
     * @param parent where results folders are; it need not exist
     * @param suite what is going to be run
     */
    public static Optional<PastRuns> in(Path parent, PreparedSuite suite, Map<String, String> host) {
        return in(parent, suite.request().suite().name(), suite.plannedNs() > 0, host);
    }

    /** @param timed whether the jobs plan their time; if not, all of a run is unknown before */
    static Optional<PastRuns> in(Path parent, String suite, boolean timed, Map<String, String> host) {
        List<Long> overheads = new ArrayList<>();
        int folders = 0;
        for (Path folder : newest(parent)) {
            List<Long> found = overheads(folder, suite, timed, host);
            if (!found.isEmpty()) {
                overheads.addAll(found);
                if (++folders == NEWEST_FOLDERS) {
                    break;
                }
            }
        }
        return of(overheads, folders);
    }

    private static Optional<PastRuns> of(List<Long> overheads, int folders) {
        if (overheads.isEmpty()) {
            return Optional.empty();
        }
        overheads.sort(null);
        return Optional.of(new PastRuns(overheads.get(overheads.size() / 2), overheads.size(), folders));
    }

    private static List<Path> newest(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(ResultStore::isResultFolder)
                    .sorted(Comparator.comparing(PastRuns::changedMs).reversed())
                    .toList();
        } catch (IOException _) {
            return List.of(); // an estimate is not worth an error
        }
    }

    private static long changedMs(Path folder) {
        try {
            return Files.getLastModifiedTime(folder).toMillis();
        } catch (IOException _) {
            return 0;
        }
    }

    private static List<Long> overheads(Path folder, String suite, boolean timed, Map<String, String> host) {
        try {
            return ResultStore.plan(folder).suite().equals(suite) ? overheads(folder, timed, host) : List.of();
        } catch (HarnessException _) {
            return List.of(); // of another version, or damaged: whoever opens it will be told
        }
    }

    private static List<Long> overheads(Path folder, boolean timed, Map<String, String> host) {
        List<Long> overheads = new ArrayList<>();
        RunResult before = null;
        for (PlannedRun run : ResultStore.plan(folder).runs()) {
            RunResult result = ResultStore.finished(folder, run).orElse(null);
            if (result != null && !sameHost(result, host)) {
                return List.of();
            }
            if (before != null && result != null) {
                long betweenNs = started(before).until(started(result), ChronoUnit.NANOS);
                overheads.add(Math.max(0, betweenNs - (timed ? loadNs(before) : 0)));
            }
            before = result;
            if (overheads.size() == RUNS_PER_FOLDER) {
                break;
            }
        }
        return overheads;
    }

    private static boolean sameHost(RunResult result, Map<String, String> host) {
        Map<String, String> then = result.provenance().host();
        return SAME_HOST.stream().allMatch(fact -> then.getOrDefault(fact, "").equals(host.getOrDefault(fact, "")));
    }

    private static OffsetDateTime started(RunResult result) {
        try {
            return OffsetDateTime.parse(result.provenance().startedAt());
        } catch (DateTimeParseException e) {
            throw HarnessException.badInput("startedAt: " + e.getMessage(), e);
        }
    }

    /** Ramp and measured phase. */
    private static long loadNs(RunResult result) {
        long rampNs = result.options().entrySet().stream()
                .filter(option ->
                        option.getKey().equals(RAMP) || option.getKey().endsWith("." + RAMP))
                .mapToLong(option -> nanoseconds(option.getValue()))
                .max()
                .orElse(0);
        Metric runtime = result.metrics().get("runtime");
        return rampNs + (runtime == null ? 0 : (long) runtime.value());
    }

    private static long nanoseconds(String text) {
        try {
            return Units.nanoseconds(text);
        } catch (IllegalArgumentException _) {
            return 0;
        }
    }
}
