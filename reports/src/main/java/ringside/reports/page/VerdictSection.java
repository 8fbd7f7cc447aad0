package ringside.reports.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import ringside.harness.results.Compared;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.Verdict;
import ringside.reports.chart.Plot;
import ringside.reports.model.Axis;
import ringside.reports.model.Comparisons;
import ringside.reports.model.Headline;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** The answer first: one sentence, what to know before believing it, and the ratio at every point. */
final class VerdictSection {
    private static final String HONESTY = "These figures are of an emulated stack inside one process. Compare"
            + " configurations with each other, never with published absolute IOPS.";

    private static final String HONESTY_OF_SERVERS = "These figures are of servers on one host, under a load generator"
            + " that has the disk to itself and no guest around it. Compare the rows of this report with each other,"
            + " never with published absolute IOPS.";

    private VerdictSection() {}

    static void write(Html html, ReportModel model, ChartSection charts, Optional<Plot> figure) {
        Headline headline = Headline.of(model);
        html.raw("<section id=\"verdict\" class=\"verdict "
                + headline.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-') + "\">\n");
        html.element("h2", "class=\"kicker\"", "Verdict");
        html.element("p", "class=\"question\"", question(model));
        html.element("p", "class=\"sentence\"", headline.sentence());
        for (String warning : headline.warnings()) {
            html.element("p", "class=\"warning\" role=\"note\"", warning);
        }
        failures(html, model);
        figure.ifPresent(plot -> charts.panel(html, plot));
        html.element("p", "class=\"honesty\"", SideBySideSection.applies(model) ? HONESTY_OF_SERVERS : HONESTY);
        html.raw("</section>\n");
        matrix(html, model);
    }

    /** What the suite asks, in plain words; its title where it compares nothing. */
    private static String question(ReportModel model) {
        Compared compared = model.folder().compared();
        if (Comparisons.asked(model).isEmpty()) {
            return model.folder().title();
        }
        String over = model.axes().stream()
                .filter(axis -> axis.varies() && !axis.name().equals(compared.axis()))
                .map(Axis::name)
                .collect(Collectors.joining(" and "));
        return "Does %s do more requests per second than %s%s?"
                .formatted(
                        compared.contender(),
                        compared.baseline(),
                        over.isEmpty() ? "" : ", and does that depend on " + over);
    }

    private static void failures(Html html, ReportModel model) {
        List<RunResult> bad = new ArrayList<>(model.runs(RunStatus.FAILED));
        bad.addAll(model.runs(RunStatus.INVALID));
        bad.addAll(model.runs(RunStatus.TARGET_MISSED));
        if (bad.isEmpty()) {
            return;
        }
        html.raw("<ul class=\"failures\">\n");
        for (RunResult run : bad) {
            html.element(
                    "li",
                    "",
                    "%s, repetition %d: %s, %s"
                            .formatted(
                                    Point.labelOf(run.axes()),
                                    run.repetition() + 1,
                                    run.status().label(),
                                    run.reason()));
        }
        html.raw("</ul>\n");
    }

    private static void matrix(Html html, ReportModel model) {
        List<String> contenders = Comparisons.contenders(model);
        String baseline = model.folder().compared().baseline();
        if (contenders.isEmpty() || !model.series().contains(baseline)) {
            return;
        }
        html.raw("<section id=\"ratios\">\n");
        html.element("h2", "", "Ratio to " + baseline + " at every point");
        html.paragraph("IOPS divided by those of " + baseline + " at the same point, with the 95 % interval; ▲ faster,"
                + " ▼ slower, = no difference shown, ? too few runs. Runs are paired by repetition; the interval is the"
                + " wider one of a bootstrap and Student's t. It is not corrected for looking at many points at once.");
        List<String> head = new ArrayList<>(List.of("point"));
        head.addAll(contenders);
        List<List<Object>> rows = new ArrayList<>();
        for (Map.Entry<Point, Map<String, Comparison>> point :
                Comparisons.matrix(model).entrySet()) {
            List<Object> row = new ArrayList<>(List.of(point.getKey().label()));
            for (String contender : contenders) {
                Comparison comparison = point.getValue().get(contender);
                row.add(
                        model.cell(point.getKey(), contender).isEmpty()
                                ? ""
                                : comparison == null
                                        ? "missing"
                                        : mark(comparison.verdict()) + " " + Headline.ratio(comparison));
            }
            rows.add(row);
        }
        html.table("Ratio of IOPS to " + baseline, head, rows);
        html.raw("</section>\n");
    }

    private static String mark(Verdict verdict) {
        return switch (verdict) {
            case FASTER -> "▲";
            case SLOWER -> "▼";
            case NO_DIFFERENCE_SHOWN -> "=";
            case TOO_FEW_RUNS -> "?";
        };
    }
}
