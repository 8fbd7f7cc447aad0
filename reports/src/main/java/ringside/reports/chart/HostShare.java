package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.Verdict;
import ringside.reports.model.Headline;
import ringside.reports.model.HostBand;
import ringside.reports.model.HostBaseline;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** IOPS as a share of the host's own, with the published bands of what such a share means. */
final class HostShare implements Chart {
    private static final double LEAST_RANGE = 1.15;
    private static final double ROOM = 1.15;
    private static final double WORDS_ROW = -0.9;

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        List<HostBaseline> all = HostBaseline.of(model);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ChartBlock(
                "host-share",
                "Share of the host's own IOPS",
                "Each bar is the IOPS of a configuration divided by those of fio on the host's file at the same point, run"
                        + " by run, with the 95 % interval from three pairs on; of several engines of fio the one with the"
                        + " most IOPS counts. An interval may leave the figure, the table has it. The dotted lines are a"
                        + " published rule of thumb of another system on other hardware (KVM guests on bare metal): below 30 %"
                        + " configuration issue, 30 to 60 % needs tuning, from 90 % on configured and tuned, and no word for 60 to"
                        + " 90 %. Source: " + HostBand.SOURCE
                        + ". Rule of the sentence: the band that the ratio itself lies in;"
                        + " where the interval reaches into another one, the table says so.",
                seen(model, all),
                legend(model, all),
                List.of(plot(model, all)),
                List.of(table(model, all))));
    }

    private static int series(ReportModel model, HostBaseline baseline) {
        return Math.max(0, model.series().indexOf(name(model, baseline)));
    }

    private static String name(ReportModel model, HostBaseline baseline) {
        return baseline.cell().axes().getOrDefault(model.comparedAxis(), "");
    }

    private static List<LegendEntry> legend(ReportModel model, List<HostBaseline> all) {
        List<String> shown = all.stream().map(baseline -> name(model, baseline)).toList();
        return Tables.legend(model).stream()
                .filter(entry -> shown.contains(entry.name()))
                .toList();
    }

    private static Plot plot(ReportModel model, List<HostBaseline> all) {
        List<HostBaseline> shown = all.subList(0, Math.min(CellRows.MOST, all.size()));
        CellRows rows = new CellRows(
                shown.stream().map(one -> Tables.name(model, one.cell())).toList());
        Map<Integer, Map<String, Object>> traces = new LinkedHashMap<>();
        for (int row = 0; row < shown.size(); row++) {
            HostBaseline one = shown.get(row);
            int series = series(model, one);
            add(traces.computeIfAbsent(series, _ -> bars(name(model, one), series)), model, one, row);
        }
        Map<String, Object> x = ChartStyle.axis("share of the host's IOPS");
        double most =
                shown.stream().mapToDouble(one -> one.share().ratio()).max().orElse(0);
        x.put("range", List.of(0, Math.max(LEAST_RANGE, ROOM * most)));
        x.put("tickformat", ".0%");
        Map<String, Object> layout = rows.layout(x, lines());
        layout.put("barmode", "overlay");
        layout.put("annotations", words());
        if (layout.get("yaxis") instanceof Map<?, ?> y) {
            Map<Object, Object> roomier = new LinkedHashMap<>(y);
            roomier.put("range", List.of(shown.size() - 0.5, -1.4));
            layout.put("yaxis", roomier);
        }
        return new Plot(
                "plot_host_share",
                "",
                "Share of the host's own IOPS by configuration",
                rows.heightPx() + 36,
                List.copyOf(traces.values()),
                layout);
    }

    private static Map<String, Object> bars(String name, int series) {
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("type", "bar");
        trace.put("orientation", "h");
        trace.put("name", PlotText.escape(name.isEmpty() ? "all" : name));
        trace.put("meta", Map.of("series", series));
        trace.put("marker", ChartStyle.mutable(Map.of("opacity", 0.55)));
        trace.put("width", 0.55);
        for (String list : List.of("x", "y", "customdata")) {
            trace.put(list, new ArrayList<>());
        }
        trace.put("error_x", ChartStyle.intervals(new ArrayList<>(), new ArrayList<>()));
        trace.put("hovertemplate", "%{customdata}<extra></extra>");
        return trace;
    }

    private static void add(Map<String, Object> trace, ReportModel model, HostBaseline one, int row) {
        Comparison share = one.share();
        boolean bounded = share.verdict() != Verdict.TOO_FEW_RUNS;
        append(trace, "x", share.ratio());
        append(trace, "y", row);
        append(
                trace,
                "customdata",
                PlotText.lines("%s\n%s of %s (exactly %s), %d pairs of runs\n%s%s"
                        .formatted(
                                Tables.name(model, one.cell()),
                                Headline.ratio(share),
                                Tables.name(model, one.host()),
                                HoverText.exact(share.ratio()),
                                share.pairs(),
                                band(share),
                                HoverText.command(model, one.cell()))));
        if (trace.get("error_x") instanceof Map<?, ?> bars) {
            append(bars, "array", bounded ? share.interval().high() - share.ratio() : 0.0);
            append(
                    bars,
                    "arrayminus",
                    bounded ? share.ratio() - share.interval().low() : 0.0);
        }
    }

    @SuppressWarnings("unchecked")
    private static void append(Map<?, ?> map, String list, Object value) {
        ((List<Object>) map.get(list)).add(value);
    }

    private static List<Map<String, Object>> lines() {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (HostBand band : HostBand.values()) {
            if (band.from() > 0) {
                Map<String, Object> line =
                        new LinkedHashMap<>(Map.of("type", "line", "yref", "paper", "y0", 0, "y1", 1));
                line.put("x0", band.from());
                line.put("x1", band.from());
                line.put("line", Map.of("width", 1.5, "dash", "dot", "color", "#888888"));
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<Map<String, Object>> words() {
        List<Map<String, Object>> words = new ArrayList<>();
        HostBand[] bands = HostBand.values();
        for (int i = 0; i < bands.length; i++) {
            Map<String, Object> word = new LinkedHashMap<>();
            double end = i + 1 < bands.length ? bands[i + 1].from() : bands[i].from();
            word.put("x", i + 1 < bands.length ? (bands[i].from() + end) / 2 : end);
            word.put("xanchor", i + 1 < bands.length ? "center" : "left");
            word.put("y", WORDS_ROW);
            word.put("text", (i + 1 < bands.length ? "" : " ") + bands[i].brief());
            word.put("showarrow", false);
            word.put("font", Map.of("size", 11));
            words.add(word);
        }
        return words;
    }

    /** The band of the ratio, and those that its interval reaches into. */
    private static String band(Comparison share) {
        HostBand own = HostBand.of(share.ratio());
        if (share.verdict() == Verdict.TOO_FEW_RUNS) {
            return own.label() + " (too few runs for an interval)";
        }
        HostBand low = HostBand.of(share.interval().low());
        HostBand high = HostBand.of(share.interval().high());
        return low == high ? own.label() : own.label() + " (interval from " + low.label() + " to " + high.label() + ")";
    }

    private static String seen(ReportModel model, List<HostBaseline> all) {
        Map<HostBand, Integer> counts = new LinkedHashMap<>();
        HostBaseline most = all.getFirst();
        HostBaseline least = all.getFirst();
        for (HostBaseline one : all) {
            counts.merge(HostBand.of(one.share().ratio()), 1, Integer::sum);
            most = one.share().ratio() > most.share().ratio() ? one : most;
            least = one.share().ratio() < least.share().ratio() ? one : least;
        }
        List<String> parts = new ArrayList<>();
        for (HostBand band : HostBand.values()) {
            parts.add("%d %s".formatted(counts.getOrDefault(band, 0), band.label()));
        }
        return "Of %d configurations with a host baseline: %s. Most: %s with %s; least: %s with %s."
                .formatted(
                        all.size(),
                        String.join(", ", parts),
                        Tables.name(model, most.cell()),
                        Numbers.percent(most.share().ratio()),
                        Tables.name(model, least.cell()),
                        Numbers.percent(least.share().ratio()));
    }

    private static DataTable table(ReportModel model, List<HostBaseline> all) {
        List<String> head = new ArrayList<>(Tables.axisNames(model));
        head.addAll(List.of("host baseline", "share", "low", "high", "pairs", "band"));
        List<List<Object>> rows = new ArrayList<>();
        for (HostBaseline one : all) {
            boolean bounded = one.share().verdict() != Verdict.TOO_FEW_RUNS;
            List<Object> row = Tables.axisValues(model, one.cell());
            row.add(Tables.name(model, one.host()));
            row.add(one.share().ratio());
            row.add(bounded ? (Object) one.share().interval().low() : "");
            row.add(bounded ? (Object) one.share().interval().high() : "");
            row.add(one.share().pairs());
            row.add(band(one.share()));
            rows.add(row);
        }
        return new DataTable(
                "host-share", "IOPS as a share of the host's own (1 = all), with 95 % interval", head, rows);
    }
}
