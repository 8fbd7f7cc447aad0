package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.harness.results.Compared;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.SanityCheck;
import ringside.reports.model.Comparisons;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** How it was measured, in sentences made from the results. */
final class MethodSection {
    private static final List<String> LOAD = List.of(
            "rw", "rwmixread", "bs", "bssplit", "iodepth", "numjobs", "rate_iops", "size", "random_distribution");

    private MethodSection() {}

    static void write(Html html, ReportModel model) {
        if (!TestBedSection.applies(model)) {
            return;
        }
        html.raw("<section id=\"method\">\n");
        html.element("h2", "", "Method");
        html.raw("<ul>\n");
        sentences(model).forEach(sentence -> html.element("li", "", sentence));
        html.raw("</ul>\n</section>\n");
    }

    private static List<String> sentences(ReportModel model) {
        List<String> found = new ArrayList<>();
        found.add(load(model));
        found.add(phases(model));
        found.add(runs(model));
        found.add(checks(model));
        found.add(watched(model));
        found.add(statistics(model));
        found.removeIf(String::isEmpty);
        return found;
    }

    private static String load(ReportModel model) {
        List<String> options = new ArrayList<>();
        for (String name : LOAD) {
            boolean mixed = model.valuesOf("rw").stream().anyMatch(rw -> rw.endsWith("rw"));
            String text = name.equals("rwmixread") && !mixed ? "" : OptionText.of(model, name);
            if (!text.isEmpty()) {
                options.add(name + " " + text);
            }
        }
        return options.isEmpty() ? "" : "The load, in fio's terms: " + String.join("; ", options) + ".";
    }

    private static String phases(ReportModel model) {
        String ramp = OptionText.of(model, "ramp_time");
        String time = OptionText.of(model, "runtime");
        if (time.isEmpty()) {
            return "";
        }
        boolean warm = model.valuesOf("ramp_time").stream().anyMatch(value -> !value.matches("0(ns)?"));
        return "Each run has a process of its own. Its load is %s, then measured: %s."
                .formatted(warm ? "on for " + ramp + " (ramp_time) uncounted" : "started", "runtime " + time);
    }

    private static String runs(ReportModel model) {
        int cells = model.cells().size();
        int valid = model.runs(RunStatus.OK).size();
        long requests = 0;
        for (RunResult run : model.runs(RunStatus.OK)) {
            requests += run.metrics().containsKey("ios")
                    ? (long) run.metrics().get("ios").value()
                    : 0;
        }
        return "%d %s, %d runs planned, each repetition in a random order of its own; %d finished, %d valid%s."
                .formatted(
                        cells,
                        cells == 1 ? "configuration" : "configurations",
                        model.folder().planned(),
                        model.folder().results().size(),
                        valid,
                        requests > 0 ? "; " + Numbers.si(requests) + " requests behind the figures" : "");
    }

    private static String checks(ReportModel model) {
        Set<String> names = new LinkedHashSet<>();
        for (RunResult run : model.folder().results()) {
            run.checks().stream().map(SanityCheck::name).forEach(names::add);
        }
        return names.isEmpty() ? "" : "A run counts only if it passes its checks: " + String.join(", ", names) + ".";
    }

    private static String watched(ReportModel model) {
        String observe = OptionText.of(model, "observe");
        String trace = OptionText.of(model, "trace");
        if (trace.isEmpty()) {
            return "";
        }
        String every = model.valuesOf("trace").contains("timeline")
                ? " (a request in " + OptionText.of(model, "timeline-every") + ")"
                : "";
        return "Watched while it ran: trace %s%s%s."
                .formatted(trace, every, observe.isEmpty() ? "" : "; observe " + observe);
    }

    private static String statistics(ReportModel model) {
        Compared compared = model.folder().compared();
        Set<String> kinds = model.cells().stream()
                .flatMap(cell -> cell.estimate("iops").stream())
                .map(estimate -> estimate.intervalName())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        String bars = kinds.isEmpty() ? "" : ", its bar the " + String.join(" or the ", kinds);
        String pairs = Comparisons.asked(model).isEmpty()
                ? ""
                : " %s is compared with %s run by run, paired by repetition."
                        .formatted(compared.contender(), compared.baseline());
        return "A mark is the median over the valid runs%s; percentiles are taken from merged histograms.%s"
                .formatted(bars, pairs);
    }
}
