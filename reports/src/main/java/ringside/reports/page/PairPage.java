package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.FolderComparison;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.DataTable;
import ringside.reports.chart.Figures;
import ringside.reports.chart.PairCharts;
import ringside.reports.model.MetricText;
import ringside.reports.model.PairHeadline;
import ringside.reports.model.PairModel;

/** The report of two results folders, B against A. */
public final class PairPage implements Paper {
    private static final int ROWS = 100;
    private static final String NO_DIFFERENCE =
            "Nothing: host, JVM, revision and options are the same, so far as they are recorded.";

    private final PairModel model;
    private final PairHeadline headline;
    private final Supplier<String> plotlyGzipBase64;

    /**
     * A page.
     *
     * @param plotlyGzipBase64 the plot library, gzipped, in base64; asked for by {@link #html} only
     */
    public PairPage(PairModel model, Supplier<String> plotlyGzipBase64) {
        this.model = model;
        this.headline = PairHeadline.of(model);
        this.plotlyGzipBase64 = plotlyGzipBase64;
    }

    @Override
    public String html() {
        List<ChartBlock> blocks = PairCharts.of(model);
        PageFrame frame = new PageFrame(title(), subtitle(), links(blocks), plotlyGzipBase64.get());
        Html html = new Html();
        frame.begin(html);
        verdict(html);
        ChartSection charts = new ChartSection(Figures.standard());
        charts.write(html, blocks.getFirst());
        cells(html);
        blocks.stream().skip(1).forEach(block -> charts.write(html, block));
        differences(html);
        sides(html);
        failures(html);
        frame.end(html, notes(), blocks, EmbeddedPair.of(model, blocks));
        return html.toString();
    }

    @Override
    public String markdown() {
        Markdown text = new Markdown().heading(1, title()).strong(headline.sentence());
        text.bullets(headline.warnings());
        for (FolderComparison comparison : model.comparisons()) {
            text.heading(2, MetricText.name(comparison.metric())).table(head(), rows(comparison, comparison.cells()));
        }
        text.heading(2, "What differs besides the measurements");
        if (differing().isEmpty()) {
            text.paragraph(NO_DIFFERENCE);
        } else {
            text.table(List.of("what", "A", "B"), differing());
        }
        text.heading(2, "What was compared").table(List.of("what", "A", "B"), facts());
        notes().forEach(text::paragraph);
        return text.toString();
    }

    @Override
    public DataTable numbers() {
        List<String> head = List.of(
                "metric",
                "unit",
                "cell",
                "verdict",
                "ratio",
                "low",
                "high",
                "p",
                "median A",
                "median B",
                "runs A",
                "runs B",
                "runs needed");
        List<List<Object>> rows = new ArrayList<>();
        for (FolderComparison comparison : model.comparisons()) {
            for (CellChange cell : comparison.cells()) {
                rows.add(List.of(
                        comparison.metric(),
                        comparison.unit(),
                        cell.cell(),
                        cell.change().label(),
                        number(cell.ratio()),
                        number(cell.interval().low()),
                        number(cell.interval().high()),
                        cell.pValue(),
                        number(cell.medianA()),
                        number(cell.medianB()),
                        cell.runsA(),
                        cell.runsB(),
                        cell.runsNeeded()));
            }
        }
        return new DataTable("comparison", "B against A, every cell in every metric", head, rows);
    }

    private static Object number(double value) {
        return Double.isFinite(value) ? (Object) value : "";
    }

    private String title() {
        return shortened(
                "B against A: " + model.b().label() + " against " + model.a().label());
    }

    /** With the beginnings of revisions: a heading is for people, and the whole ones are in the table. */
    static String shortened(String text) {
        return text.replaceAll("\\b([0-9a-f]{12})[0-9a-f]{28}\\b", "$1");
    }

    private String subtitle() {
        return "Ringside · suite %s · %d cells · %s"
                .formatted(
                        model.b().folder().suite(),
                        model.main().cells().size(),
                        model.main().paired() ? "measured in pairs of runs" : "measured one after the other");
    }

    private static List<PageFrame.Link> links(List<ChartBlock> blocks) {
        List<PageFrame.Link> links = new ArrayList<>();
        links.add(new PageFrame.Link("verdict", "Verdict"));
        links.add(new PageFrame.Link(blocks.getFirst().id(), blocks.getFirst().title()));
        links.add(new PageFrame.Link("cells", "Cell by cell"));
        blocks.stream().skip(1).forEach(block -> links.add(new PageFrame.Link(block.id(), block.title())));
        links.add(new PageFrame.Link("differences", "What differs"));
        links.add(new PageFrame.Link("sides", "What was compared"));
        return links;
    }

    private void verdict(Html html) {
        String look = switch (headline.verdict()) {
            case REGRESSED -> "slower";
            case IMPROVED -> "faster";
            default -> "no-difference-shown";
        };
        html.raw("<section id=\"verdict\" class=\"verdict " + look + "\">\n");
        html.element("h2", "class=\"kicker\"", "Verdict");
        html.element("p", "class=\"sentence\"", headline.sentence());
        headline.warnings().forEach(warning -> html.element("p", "class=\"warning\" role=\"note\"", warning));
        html.raw("</section>\n");
    }

    private void cells(Html html) {
        html.raw("<section id=\"cells\">\n");
        html.element("h2", "", "Cell by cell");
        for (FolderComparison comparison : model.comparisons()) {
            int all = comparison.cells().size();
            List<CellChange> shown = all > ROWS ? PairModel.mostChanged(comparison, ROWS) : comparison.cells();
            html.table(
                    MetricText.name(comparison.metric()) + ", B against A"
                            + (all > ROWS
                                    ? ", the " + ROWS + " that changed most of " + all + " cells; the CSV has all"
                                    : ""),
                    head(),
                    rows(comparison, shown));
        }
        html.raw("</section>\n");
    }

    private static List<String> head() {
        return List.of(
                "cell", "verdict", "B / A [95 % interval]", "p", "median of A", "median of B", "runs", "runs needed");
    }

    private List<List<Object>> rows(FolderComparison comparison, List<CellChange> cells) {
        List<List<Object>> rows = new ArrayList<>();
        for (CellChange cell : cells) {
            rows.add(List.of(
                    model.label(cell.cell()),
                    mark(cell) + " " + cell.change().label()
                            + (comparison.unsteady().containsKey(cell.cell()) ? " (not steady)" : ""),
                    PairHeadline.ratio(cell),
                    Double.isInfinite(cell.interval().high()) ? "" : PairHeadline.pValue(cell.pValue()),
                    MetricText.value(cell.medianA(), comparison.unit()),
                    MetricText.value(cell.medianB(), comparison.unit()),
                    cell.runsA() + ", " + cell.runsB(),
                    cell.change() == Change.UNDERPOWERED ? String.valueOf(cell.runsNeeded()) : ""));
        }
        return rows;
    }

    private static String mark(CellChange cell) {
        return switch (cell.change()) {
            case IMPROVED -> "▲";
            case REGRESSED -> "▼";
            case SAME -> "=";
            case UNDERPOWERED, TOO_FEW_RUNS -> "?";
            case ONLY_IN_A, ONLY_IN_B -> "–";
        };
    }

    private void differences(Html html) {
        html.raw("<section id=\"differences\">\n");
        html.element("h2", "", "What differs besides the measurements");
        List<List<Object>> rows = differing();
        if (rows.isEmpty()) {
            html.paragraph(NO_DIFFERENCE);
        } else {
            html.table("Host, JVM, revision and options that are not the same", List.of("what", "A", "B"), rows);
        }
        html.raw("</section>\n");
    }

    private List<List<Object>> differing() {
        List<List<Object>> rows = new ArrayList<>();
        model.main().differences().forEach((name, both) -> {
            // A value that itself holds the arrow cannot be taken apart for sure; then it is shown whole.
            String[] parts = both.split(" -> ", -1);
            rows.add(parts.length == 2 ? List.of(name, parts[0], parts[1]) : List.of(name, both, ""));
        });
        return rows;
    }

    private void sides(Html html) {
        html.raw("<section id=\"sides\">\n");
        html.element("h2", "", "What was compared");
        html.table("The two folders", List.of("what", "A", "B"), facts());
        html.raw("</section>\n");
    }

    private List<List<Object>> facts() {
        Map<String, String> a = facts(model.a());
        Map<String, String> b = facts(model.b());
        List<List<Object>> rows = new ArrayList<>();
        List<String> names = new ArrayList<>(a.keySet());
        new TreeSet<>(b.keySet()).stream().filter(name -> !a.containsKey(name)).forEach(names::add);
        names.forEach(name -> rows.add(List.of(name, a.getOrDefault(name, "—"), b.getOrDefault(name, "—"))));
        return rows;
    }

    private static Map<String, String> facts(ReportSubject.Side side) {
        RunFolder folder = side.folder();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("what", side.label());
        facts.put("folder", folder.directory().toString());
        facts.put("suite", folder.suite() + ": " + folder.title());
        facts.put("runs", folder.results().size() + " of " + folder.planned());
        folder.results().stream().findFirst().ifPresent(run -> {
            facts.put("started", run.provenance().startedAt());
            facts.put(
                    "Ringside",
                    run.provenance().ringsideVersion() + ", revision "
                            + run.provenance().gitRevision());
            run.provenance().host().forEach((name, value) -> {
                if (!name.endsWith("_before")) {
                    facts.put(name, value);
                }
            });
            run.provenance().jvm().forEach((name, value) -> facts.put("JVM " + name, value));
        });
        return facts;
    }

    private void failures(Html html) {
        List<List<Object>> rows = new ArrayList<>();
        failures(rows, "A", model.a());
        failures(rows, "B", model.b());
        if (!rows.isEmpty()) {
            html.raw("<section id=\"checks\">\n");
            html.element("h2", "", "Runs that do not count");
            html.table(
                    "Failed and invalid runs",
                    List.of("side", "configuration", "repetition", "status", "reason"),
                    rows.subList(0, Math.min(ROWS, rows.size())));
            html.raw("</section>\n");
        }
    }

    private void failures(List<List<Object>> rows, String name, ReportSubject.Side side) {
        for (RunResult run : side.folder().results()) {
            if (run.status() != RunStatus.OK) {
                rows.add(List.of(
                        name,
                        model.label(run.cell()),
                        run.repetition() + 1,
                        run.status().label(),
                        run.reason()));
            }
        }
    }

    private List<String> notes() {
        FolderComparison main = model.main();
        return List.of(
                "A cell regressed or improved where the difference is sure and at least %s: %s of the logarithms,"
                                .formatted(
                                        PairHeadline.percent(main.tolerance()),
                                        main.paired() ? "a paired t test" : "Welch's t test")
                        + " corrected over all cells of a metric by Holm's method, so that the chance of any false alarm in it is at"
                        + " most " + PairHeadline.percent(main.alpha())
                        + ". It is the same where an effect of " + PairHeadline.percent(main.minEffect())
                        + " would have been found with 80 %. Numbers on the page are cut to their precision; downloads and the"
                        + " embedded results have every digit.");
    }
}
