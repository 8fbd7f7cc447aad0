package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.SanityCheck;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** Whether the runs can be trusted: sanity checks, failed and invalid runs, what is missing. */
final class ChecksSection {
    private static final int ROWS = 100;

    private ChecksSection() {}

    static void write(Html html, ReportModel model) {
        html.raw("<section id=\"checks\">\n");
        html.element("h2", "", "Checks");
        summary(html, model);
        List<List<Object>> failed = new ArrayList<>();
        for (RunResult run : model.folder().results()) {
            if (run.status() != RunStatus.OK) {
                failed.add(row(run, run.status().label(), run.reason()));
            }
            for (SanityCheck check : run.checks()) {
                if (!check.passed()) {
                    failed.add(row(run, check.name(), check.detail()));
                }
            }
        }
        if (failed.isEmpty()) {
            html.paragraph("Every finished run counts and passed all of its checks.");
        } else {
            html.table("What failed", List.of("configuration", "repetition", "what", "detail"), failed);
        }
        disturbed(html, model);
        steadiness(html, model);
        all(html, model);
        html.raw("</section>\n");
    }

    private static List<Object> row(RunResult run, String what, String detail) {
        return List.of(Point.labelOf(run.axes()), run.repetition() + 1, what, detail);
    }

    private static void summary(Html html, ReportModel model) {
        Map<String, int[]> counts = new LinkedHashMap<>();
        for (RunResult run : model.folder().results()) {
            for (SanityCheck check : run.checks()) {
                counts.computeIfAbsent(check.name(), _ -> new int[2])[check.passed() ? 0 : 1]++;
            }
        }
        if (counts.isEmpty()) {
            html.paragraph("The results hold no sanity checks.");
            return;
        }
        List<List<Object>> rows = new ArrayList<>();
        counts.forEach(
                (name, count) -> rows.add(List.of(count[1] == 0 ? "✓ " + name : "✗ " + name, count[0], count[1])));
        html.table("Sanity checks over all runs", List.of("check", "passed", "failed"), rows);
    }

    /** Runs in whose measured phase the host did something else. */
    private static void disturbed(Html html, ReportModel model) {
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult run : model.folder().results()) {
            run.disturbance().ifPresent(reason -> rows.add(row(run, "disturbed", reason)));
        }
        if (!rows.isEmpty()) {
            html.paragraph(rows.size() + " of " + model.folder().results().size()
                    + " runs were disturbed by the host. Their figures count: repeat them with --retry-disturbed on a "
                    + "quieter host.");
            html.table("Disturbed runs", List.of("configuration", "repetition", "what", "why"), rows);
        }
    }

    /** Runs whose rate had more than one level; a mean over them says little. */
    private static void steadiness(Html html, ReportModel model) {
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult run : model.folder().results()) {
            if (run.steadiness().mixesLevels()) {
                rows.add(row(
                        run, run.steadiness().shape().label(), run.steadiness().detail()));
            }
        }
        if (!rows.isEmpty()) {
            html.paragraph(rows.size() + " of " + model.folder().results().size()
                    + " runs changed their rate in the measured phase. Their figures count, but they mix levels: "
                    + "give them a longer ramp or a longer runtime.");
            html.table("Runs without one level", List.of("configuration", "repetition", "shape", "detail"), rows);
        }
    }

    private static void all(Html html, ReportModel model) {
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult run : model.folder().results()) {
            for (SanityCheck check : run.checks()) {
                rows.add(List.of(
                        Point.labelOf(run.axes()),
                        run.repetition() + 1,
                        check.name(),
                        check.passed() ? "passed" : "failed",
                        check.detail()));
            }
        }
        if (!rows.isEmpty()) {
            int shown = Math.min(ROWS, rows.size());
            String which = shown < rows.size()
                    ? ", the first " + shown + " of " + rows.size() + "; all are in the JSON files"
                    : "";
            html.raw("<details><summary>Every check of every run</summary>\n");
            html.table(
                    "Checks by run" + which,
                    List.of("configuration", "repetition", "check", "result", "detail"),
                    rows.subList(0, shown));
            html.raw("</details>\n");
        }
    }
}
