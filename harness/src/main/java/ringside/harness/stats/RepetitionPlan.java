package ringside.harness.stats;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Series;

/**
 * How long and how often each cell has to run for a wanted half-width of the 95 % interval of its mean, from a pilot: see
 * {@link KaliberaJones}. An iteration is a stretch of the series long enough that stretches hardly remember one another.
 *
 * @param metric the rate that is wanted: one that has a series
 * @param wanted half-width as a share of the mean
 * @param overheadNs median time that a run of the pilot took beside its measured phase: the start of its JVM, the ramp
 * @param sessions folders of the pilot; with two or more, sessions are a level of their own
 * @param cells all cells, in order of their first run
 */
public record RepetitionPlan(String metric, double wanted, double overheadNs, int sessions, List<CellPlan> cells) {
    /** Fewest runs of a cell (in each session) from which anything is planned. */
    public static final int FEWEST_RUNS = 3;

    /** Stretches that remember less than this count as independent. */
    private static final double LITTLE_MEMORY = 0.2;

    private static final int FEWEST_STRETCHES = 4;

    /**
     * One cell.
     *
     * @param cell id
     * @param runs valid runs of the pilot with a series
     * @param reached half-width that the pilot reached; NaN where there is no plan
     * @param withinShare standard deviation of an iteration in its run, as a share of the mean
     * @param betweenShare standard deviation that a run adds, likewise
     * @param sessionShare standard deviation that a session adds, likewise; 0 for one session
     * @param iterationNs length of an iteration
     * @param runtimeNs measured phase of each run
     * @param runsPerSession runs in each session; with one session all of them
     * @param sessions sessions, 1 where they are no level
     * @param timeNs time that the whole takes
     * @param reason why there is no plan, else empty
     */
    public record CellPlan(
            String cell,
            int runs,
            double reached,
            double withinShare,
            double betweenShare,
            double sessionShare,
            double iterationNs,
            long runtimeNs,
            int runsPerSession,
            int sessions,
            double timeNs,
            String reason) {
        static CellPlan none(String cell, int runs, String reason) {
            return new CellPlan(cell, runs, Double.NaN, 0, 0, 0, 0, 0, 0, 0, 0, reason);
        }

        /** Sessions that this cell needs with another runtime and number of runs per session; without sessions, runs. */
        private int highest(double wanted, long otherRuntimeNs, int otherRuns) {
            int iterations = (int) Math.max(1, otherRuntimeNs / iterationNs);
            double[] variances = {withinShare * withinShare, betweenShare * betweenShare, sessionShare * sessionShare};
            return sessions == 1
                    ? new KaliberaJones(Arrays.copyOf(variances, 2), new int[] {iterations}, 1).highest(wanted)
                    : new KaliberaJones(variances, new int[] {iterations, otherRuns}, 1).highest(wanted);
        }
    }

    /**
     * One plan for all cells, since a suite has one runtime and one number of repetitions.
     *
     * @param runtimeNs measured phase of each run
     * @param repeats runs of each cell, in each session
     * @param sessions sessions, 1 where they are no level
     * @param timeNs time that the whole suite takes
     */
    public record Common(long runtimeNs, int repeats, int sessions, double timeNs) {}

    public RepetitionPlan {
        cells = List.copyOf(cells);
    }

    /** The quickest plan that is enough for every cell; it takes the runtime of one of them. Empty where no cell has one. */
    public Optional<Common> common() {
        List<CellPlan> planned =
                cells.stream().filter(cell -> cell.reason().isEmpty()).toList();
        return planned.stream()
                .map(cell -> common(planned, cell.runtimeNs(), cell.runsPerSession()))
                .min(Comparator.comparingDouble(Common::timeNs));
    }

    private Common common(List<CellPlan> planned, long runtimeNs, int runsPerSession) {
        int highest = planned.stream()
                .mapToInt(cell -> cell.highest(wanted, runtimeNs, runsPerSession))
                .max()
                .orElseThrow();
        int runs = sessions == 1 ? highest : runsPerSession;
        int times = sessions == 1 ? 1 : highest;
        return new Common(runtimeNs, runs, times, (double) times * runs * planned.size() * (runtimeNs + overheadNs));
    }

    /**
     * Plans.
     *
     * @param pilot folders of the same suite, one per session
     * @param metric name of a series, for example {@code iops}
     * @throws HarnessException when no valid run has such a series
     */
    public static RepetitionPlan of(List<RunFolder> pilot, String metric, double wanted) {
        Map<String, List<List<Series>>> cells = new LinkedHashMap<>();
        for (int session = 0; session < pilot.size(); session++) {
            for (RunResult run : pilot.get(session).results()) {
                List<List<Series>> sessions = cells.computeIfAbsent(run.cell(), _ -> new ArrayList<>());
                while (sessions.size() <= session) {
                    sessions.add(new ArrayList<>());
                }
                if (run.status() == RunStatus.OK) {
                    run.series().stream()
                            .filter(one -> one.name().equals(metric))
                            .forEach(sessions.get(session)::add);
                }
            }
        }
        if (cells.values().stream().flatMap(List::stream).allMatch(List::isEmpty)) {
            throw HarnessException.badInput(
                    "no valid run has a series '" + metric + "': plan for iops or bandwidth, which have one");
        }
        double overhead = overheadNs(pilot);
        List<CellPlan> plans = new ArrayList<>();
        cells.forEach((cell, sessions) -> plans.add(plan(cell, sessions, overhead, wanted)));
        return new RepetitionPlan(metric, wanted, overhead, pilot.size(), plans);
    }

    private static CellPlan plan(String cell, List<List<Series>> all, double overheadNs, double wanted) {
        List<List<Series>> sessions =
                all.stream().filter(runs -> !runs.isEmpty()).toList();
        int runs = sessions.stream().mapToInt(List::size).sum();
        if (sessions.isEmpty() || sessions.stream().anyMatch(one -> one.size() < FEWEST_RUNS)) {
            return CellPlan.none(cell, runs, "fewer than " + FEWEST_RUNS + " valid runs in a session");
        }
        double[][][] values = sessions.stream()
                .map(one -> one.stream().map(RepetitionPlan::values).toArray(double[][]::new))
                .toArray(double[][][]::new);
        int stretch = stretch(values);
        double[][][] iterations = Arrays.stream(values)
                .map(one ->
                        Arrays.stream(one).map(run -> stretches(run, stretch)).toArray(double[][]::new))
                .toArray(double[][][]::new);
        if (Arrays.stream(iterations).flatMap(Arrays::stream).anyMatch(run -> run.length < 2)) {
            return CellPlan.none(cell, runs, "a run is too short: fewer than two intervals");
        }
        double iterationNs = (double) stretch * sessions.getFirst().getFirst().intervalNs();
        return iterations.length == 1
                ? ofRuns(cell, iterations[0], iterationNs, overheadNs, wanted)
                : ofSessions(cell, iterations, iterationNs, overheadNs, wanted);
    }

    private static CellPlan ofRuns(String cell, double[][] runs, double iterationNs, double overheadNs, double wanted) {
        KaliberaJones pilot = KaliberaJones.ofRuns(runs, iterationNs, overheadNs);
        KaliberaJones plan = pilot.with(Math.max(FEWEST_STRETCHES, Math.min(pilot.repetitions()[0], longest(runs))));
        int count = plan.highest(wanted);
        double runtimeNs = plan.repetitions()[0] * iterationNs;
        return new CellPlan(
                cell,
                runs.length,
                pilot.with(shortest(runs)).halfWidth(runs.length),
                Math.sqrt(pilot.variances()[0]) / pilot.mean(),
                Math.sqrt(pilot.variances()[1]) / pilot.mean(),
                0,
                iterationNs,
                (long) runtimeNs,
                count,
                1,
                count * (runtimeNs + overheadNs),
                "");
    }

    private static CellPlan ofSessions(
            String cell, double[][][] sessions, double iterationNs, double overheadNs, double wanted) {
        double[][] runs = Arrays.stream(sessions).flatMap(Arrays::stream).toArray(double[][]::new);
        // What a session costs beside its runs is not in results; one run's overhead stands for it.
        KaliberaJones pilot = KaliberaJones.ofSessions(sessions, iterationNs, overheadNs, overheadNs);
        KaliberaJones plan = pilot.with(
                Math.max(FEWEST_STRETCHES, Math.min(pilot.repetitions()[0], longest(runs))),
                Math.clamp(pilot.repetitions()[1], 1, runs.length));
        int count = plan.highest(wanted);
        double runtimeNs = plan.repetitions()[0] * iterationNs;
        int fewest = Arrays.stream(sessions).mapToInt(one -> one.length).min().orElseThrow();
        return new CellPlan(
                cell,
                runs.length,
                pilot.with(shortest(runs), fewest).halfWidth(sessions.length),
                Math.sqrt(pilot.variances()[0]) / pilot.mean(),
                Math.sqrt(pilot.variances()[1]) / pilot.mean(),
                Math.sqrt(pilot.variances()[2]) / pilot.mean(),
                iterationNs,
                (long) runtimeNs,
                plan.repetitions()[1],
                count,
                count * (plan.repetitions()[1] * (runtimeNs + overheadNs) + overheadNs),
                "");
    }

    /** A runtime ten times that of the pilot is as far as the pilot's variances are trusted. */
    private static int longest(double[][] runs) {
        return 10 * shortest(runs);
    }

    private static int shortest(double[][] runs) {
        return Arrays.stream(runs).mapToInt(run -> run.length).min().orElseThrow();
    }

    private static double[] values(Series series) {
        return series.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Shortest stretch, in intervals, whose means remember little; so many stretches must remain that this can be seen. */
    private static int stretch(double[][][] sessions) {
        double[][] runs = Arrays.stream(sessions).flatMap(Arrays::stream).toArray(double[][]::new);
        int stretch = 1;
        while (shortest(runs) / (2 * stretch) >= FEWEST_STRETCHES && memory(runs, stretch) > LITTLE_MEMORY) {
            stretch *= 2;
        }
        return stretch;
    }

    /** Autocorrelation at lag 1 around the runs' own means, over all runs, corrected for the means. */
    private static double memory(double[][] runs, int stretch) {
        double products = 0;
        double squares = 0;
        int values = 0;
        for (double[] run : runs) {
            double[] means = stretches(run, stretch);
            double mean = Arrays.stream(means).average().orElse(0);
            for (int i = 0; i < means.length; i++) {
                squares += (means[i] - mean) * (means[i] - mean);
                products += i == 0 ? 0 : (means[i] - mean) * (means[i - 1] - mean);
            }
            values += means.length;
        }
        return squares == 0 ? 0 : products / squares + (double) runs.length / values;
    }

    private static double[] stretches(double[] run, int stretch) {
        double[] means = new double[run.length / stretch];
        for (int i = 0; i < means.length; i++) {
            means[i] =
                    Arrays.stream(run, i * stretch, (i + 1) * stretch).average().orElseThrow();
        }
        return means;
    }

    /** From the starts of runs that followed one another; a pause between two of them is no overhead, hence the median. */
    private static double overheadNs(List<RunFolder> pilot) {
        List<Double> overheads = new ArrayList<>();
        for (RunFolder folder : pilot) {
            List<RunResult> runs = folder.results().stream()
                    .sorted(Comparator.comparingInt(RunResult::order))
                    .toList();
            for (int i = 1; i < runs.size(); i++) {
                Metric runtime = runs.get(i - 1).metrics().get("runtime");
                if (runtime != null && runs.get(i).order() == runs.get(i - 1).order() + 1) {
                    overheads.add(Math.max(1, betweenNs(runs.get(i - 1), runs.get(i)) - runtime.value()));
                }
            }
        }
        if (overheads.isEmpty()) {
            throw HarnessException.badInput(
                    "no two runs followed one another, so what a run costs is not known: give a folder with more runs");
        }
        return Summary.median(
                overheads.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double betweenNs(RunResult earlier, RunResult later) {
        try {
            return Duration.between(
                            OffsetDateTime.parse(earlier.provenance().startedAt()),
                            OffsetDateTime.parse(later.provenance().startedAt()))
                    .toNanos();
        } catch (DateTimeParseException e) {
            throw HarnessException.badInput(
                    "a run began at '" + e.getParsedString() + "', which is no time: measure the pilot again", e);
        }
    }
}
