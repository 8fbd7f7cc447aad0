package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.reports.chart.DataTable;
import ringside.reports.model.Axis;
import ringside.reports.model.Cell;
import ringside.reports.model.Conclusion;
import ringside.reports.model.Conclusions;
import ringside.reports.model.Estimate;
import ringside.reports.model.Headline;
import ringside.reports.model.MetricText;
import ringside.reports.model.ReportModel;

/** The report of one results folder in its three forms. */
public final class ReportPaper implements Paper {
    private static final List<String> SHOWN =
            List.of("iops", "bandwidth", "lat_p50", "lat_p99", "lat_p99_9", "iops_per_cpu_second");

    private final ReportModel model;
    private final Supplier<String> plotlyGzipBase64;

    /**
     * A report.
     *
     * @param plotlyGzipBase64 the plot library, gzipped, in base64; asked for by {@link #html} only
     */
    public ReportPaper(ReportModel model, Supplier<String> plotlyGzipBase64) {
        this.model = model;
        this.plotlyGzipBase64 = plotlyGzipBase64;
    }

    @Override
    public String html() {
        return new ReportPage(model, plotlyGzipBase64.get()).html();
    }

    @Override
    public String markdown() {
        Headline headline = Headline.of(model);
        Markdown text = new Markdown()
                .heading(1, model.folder().title())
                .paragraph("Suite %s, %d of %d runs."
                        .formatted(
                                model.folder().suite(),
                                model.folder().results().size(),
                                model.folder().planned()))
                .strong(headline.sentence())
                .bullets(headline.warnings());
        conclusions(text);
        text.heading(2, "Every configuration").paragraph("Medians over the valid runs, with the interval of IOPS.");
        cells(text);
        text.heading(2, "Where it was measured").table(List.of("what", "value"), facts());
        if (!model.commandLine().isEmpty()) {
            text.heading(2, "Repeat it").code("ringside " + String.join(" ", model.commandLine()));
        }
        return text.toString();
    }

    private void conclusions(Markdown text) {
        List<Conclusion> conclusions = Conclusions.of(model);
        if (!conclusions.isEmpty()) {
            text.heading(2, "Conclusions")
                    .bullets(conclusions.stream()
                            .map(conclusion -> conclusion.sentence() + " (Rule: " + conclusion.rule() + ")")
                            .toList());
        }
    }

    private void cells(Markdown text) {
        List<String> axes =
                model.axes().stream().filter(Axis::varies).map(Axis::name).toList();
        List<String> metrics = SHOWN.stream()
                .filter(metric -> model.cells().stream()
                        .anyMatch(cell -> cell.estimate(metric).isPresent()))
                .toList();
        List<String> head = new ArrayList<>(axes);
        metrics.forEach(metric -> head.add(MetricText.name(metric)));
        head.add("runs");
        Map<String, String> units = units();
        List<List<Object>> rows = new ArrayList<>();
        for (Cell cell : model.cells()) {
            List<Object> row = new ArrayList<>();
            axes.forEach(axis -> row.add(cell.axes().getOrDefault(axis, "")));
            metrics.forEach(metric -> row.add(shown(cell, metric, units.getOrDefault(metric, ""))));
            row.add(cell.valid().size() + " of " + cell.planned());
            rows.add(row);
        }
        text.table(head, rows);
    }

    private static String shown(Cell cell, String metric, String unit) {
        Optional<Estimate> estimate = cell.estimate(metric);
        if (estimate.isEmpty()) {
            return "no valid run";
        }
        String median = MetricText.value(estimate.get().median(), unit);
        return metric.equals("iops")
                ? "%s [%s, %s]"
                        .formatted(
                                median,
                                MetricText.value(estimate.get().interval().low(), unit),
                                MetricText.value(estimate.get().interval().high(), unit))
                : median;
    }

    private Map<String, String> units() {
        Map<String, String> units = new TreeMap<>();
        model.folder()
                .results()
                .forEach(run -> run.metrics().forEach((name, metric) -> units.putIfAbsent(name, metric.unit())));
        return units;
    }

    private List<List<Object>> facts() {
        Map<String, Set<String>> facts = new LinkedHashMap<>();
        for (RunResult run : model.folder().results()) {
            add(
                    facts,
                    "Ringside",
                    run.provenance().ringsideVersion() + ", revision "
                            + run.provenance().gitRevision());
            run.provenance().host().forEach((name, value) -> {
                if (!name.endsWith("_before")) {
                    add(facts, name, value);
                }
            });
            run.provenance().jvm().forEach((name, value) -> add(facts, "JVM " + name, value));
        }
        List<List<Object>> rows = new ArrayList<>();
        facts.forEach((name, values) -> rows.add(List.of(name, String.join(" / ", values))));
        return rows;
    }

    private static void add(Map<String, Set<String>> facts, String name, String value) {
        facts.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(value);
    }

    /** One line per finished run: what it was, and every metric. */
    @Override
    public DataTable numbers() {
        Map<String, String> units = units();
        List<String> axes = model.axes().stream().map(Axis::name).toList();
        List<String> head = new ArrayList<>(List.of("suite", "cell", "repetition", "order", "seed", "started"));
        head.addAll(List.of("status", "reason", "disturbed", "shape"));
        axes.forEach(axis -> head.add("axis " + axis));
        units.forEach((name, unit) -> head.add(name + " (" + unit + ")"));
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult run : model.folder().results()) {
            List<Object> row = new ArrayList<>(List.of(
                    run.suite(),
                    run.cell(),
                    run.repetition(),
                    run.order(),
                    run.seed(),
                    run.provenance().startedAt(),
                    run.status().label(),
                    run.reason(),
                    run.disturbance().orElse(""),
                    run.steadiness().shape().label()));
            axes.forEach(axis -> row.add(run.axes().getOrDefault(axis, "")));
            units.keySet().forEach(name -> {
                Metric metric = run.metrics().get(name);
                row.add(metric == null ? "" : (Object) metric.value());
            });
            rows.add(row);
        }
        return new DataTable("runs", "every finished run", head, rows);
    }
}
