package ringside.harness.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ringside.harness.results.Metric;

/**
 * What the gate keeps of results: the values of every valid run, and where and how they were made. Small enough for git: no
 * distribution, no series.
 *
 * @param schemaVersion see {@link #SCHEMA_VERSION}
 * @param suite name of the suite
 * @param sessions the results folders that it is made of, oldest first
 * @param host facts about the host that last
 * @param jvm facts about the JVM that was measured
 * @param jvmFlags its flags
 * @param options effective options that are the same in all cells
 * @param metrics units and directions by name
 * @param cells in order of their first run
 */
public record Baseline(
        int schemaVersion,
        String suite,
        List<Session> sessions,
        Map<String, String> host,
        Map<String, String> jvm,
        List<String> jvmFlags,
        Map<String, String> options,
        Map<String, Kind> metrics,
        List<Cell> cells) {
    /** Version of the JSON form. */
    public static final int SCHEMA_VERSION = 1;

    /**
     * One results folder.
     *
     * @param startedAt of its first run, ISO-8601 with offset
     * @param gitRevision of Ringside, or {@code unknown}
     * @param version of Ringside
     */
    public record Session(String startedAt, String gitRevision, String version) {}

    /**
     * What sort of metric it is.
     *
     * @param unit for example {@code 1/s}
     * @param better which direction is better
     */
    public record Kind(String unit, Metric.Better better) {}

    /**
     * One cell.
     *
     * @param cell id
     * @param axes what varies in the suite
     * @param options effective options that are not those of all cells
     * @param values by metric and session: the valid runs, in their order, six significant digits; a session without one
     *     has an empty list
     */
    public record Cell(
            String cell,
            Map<String, String> axes,
            Map<String, String> options,
            Map<String, List<List<Double>>> values) {
        /** Values of a metric by session; sessions without one are left out. */
        public List<double[]> samples(String metric) {
            return values.getOrDefault(metric, List.of()).stream()
                    .filter(session -> !session.isEmpty())
                    .map(session ->
                            session.stream().mapToDouble(Double::doubleValue).toArray())
                    .toList();
        }
    }

    /** A cell by its id. */
    public Optional<Cell> cell(String id) {
        return cells.stream().filter(cell -> cell.cell().equals(id)).findFirst();
    }

    /** All effective options of a cell. */
    public Map<String, String> options(Cell cell) {
        Map<String, String> all = new TreeMap<>(options);
        all.putAll(cell.options());
        return all;
    }

    /** Together with later sessions of the same suite; of these the last ones are kept. */
    public Baseline plus(Baseline later, int keep) {
        int all = sessions.size() + later.sessions.size();
        int drop = Math.max(0, all - keep);
        List<Session> both = new ArrayList<>(sessions);
        both.addAll(later.sessions);
        Map<String, Cell> joined = new LinkedHashMap<>();
        cells.forEach(cell -> joined.put(cell.cell(), cell));
        later.cells.forEach(cell -> joined.putIfAbsent(cell.cell(), cell));
        Map<String, Kind> kinds = new TreeMap<>(metrics);
        kinds.putAll(later.metrics);
        List<Cell> kept = joined.values().stream()
                .map(cell -> new Cell(
                        cell.cell(),
                        cell.axes(),
                        optionsOf(cell, later),
                        joinedValues(cell.cell(), kinds, later, drop)))
                .toList();
        return new Baseline(
                SCHEMA_VERSION,
                suite,
                List.copyOf(both.subList(drop, all)),
                later.host,
                later.jvm,
                later.jvmFlags,
                later.options,
                kinds,
                kept);
    }

    /** Of the newest session, in the terms of its common options. */
    private Map<String, String> optionsOf(Cell cell, Baseline later) {
        Map<String, String> own =
                later.cell(cell.cell()).map(later::options).orElseGet(() -> new TreeMap<>(options(cell)));
        own.entrySet().removeIf(option -> option.getValue().equals(later.options.get(option.getKey())));
        return own;
    }

    private Map<String, List<List<Double>>> joinedValues(
            String cell, Map<String, Kind> kinds, Baseline later, int drop) {
        Map<String, List<List<Double>>> values = new TreeMap<>();
        for (String metric : kinds.keySet()) {
            List<List<Double>> all = new ArrayList<>(padded(cell, metric));
            all.addAll(later.padded(cell, metric));
            List<List<Double>> kept = all.subList(drop, all.size());
            if (kept.stream().anyMatch(session -> !session.isEmpty())) {
                values.put(metric, List.copyOf(kept));
            }
        }
        return values;
    }

    private List<List<Double>> padded(String cell, String metric) {
        return cell(cell)
                .map(one -> one.values().get(metric))
                .orElseGet(() -> sessions.stream().map(_ -> List.<Double>of()).toList());
    }
}
