package ringside.reports.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.RunEvent;
import ringside.harness.results.RunResult;
import ringside.harness.results.Series;
import ringside.reports.model.Numbers;

/** What happened meanwhile, marked on the line of a run over time. */
final class TimeMarks {
    private static final double NS = 1e9;
    private static final Map<String, String> SYMBOLS = Map.of("gc", "triangle-down", "safepoint", "x-thin-open");
    private static final String SETTLED = "circle-open";

    private final List<Double> x = new ArrayList<>();
    private final List<Double> y = new ArrayList<>();
    private final List<String> symbols = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    private TimeMarks() {}

    /** Marks of a run; empty where nothing happened within its measured phase. */
    static Optional<Map<String, Object>> of(String value, int series, RunResult run, Series line) {
        TimeMarks marks = new TimeMarks();
        String name = "%s, run %d".formatted(value, run.repetition() + 1);
        for (RunEvent event : run.events()) {
            String symbol = SYMBOLS.get(event.kind());
            if (symbol != null) {
                String text = "%s: %s of %s, %s"
                        .formatted(name, event.kind(), Numbers.duration(event.durationNs()), event.detail());
                marks.add(event.atNs(), line, symbol, text);
            }
        }
        if (run.steadiness().settledNs() > 0) {
            String text = "%s: the last level begins (%s)"
                    .formatted(name, run.steadiness().shape().label());
            marks.add(run.steadiness().settledNs(), line, SETTLED, text);
        }
        return marks.x.isEmpty() ? Optional.empty() : Optional.of(marks.trace(value, series));
    }

    /** On the line, at the height of the interval in which it began. */
    private void add(long atNs, Series line, String symbol, String text) {
        int interval = (int) Math.min(line.values().size() - 1L, Math.max(0, atNs) / line.intervalNs());
        if (atNs > line.values().size() * line.intervalNs()) {
            return;
        }
        x.add(Math.max(0, atNs) / NS);
        y.add(line.values().get(interval));
        symbols.add(symbol);
        texts.add(text);
    }

    private Map<String, Object> trace(String value, int series) {
        Map<String, Object> trace = ChartStyle.scatter(value.isEmpty() ? "all" : value, series, "markers");
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", symbols, "size", 8)));
        trace.put("x", x);
        trace.put("y", y);
        ChartStyle.hover(trace, texts);
        return trace;
    }
}
