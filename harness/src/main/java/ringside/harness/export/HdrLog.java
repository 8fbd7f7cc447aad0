package ringside.harness.export;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import ringside.harness.results.HistogramData;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;

/** All histograms of all runs in HdrHistogram's log (version 1.3); tags are {@code cell/rN/histogram}. */
final class HdrLog {
    private static final double NS_PER_MS = 1e6;

    private HdrLog() {}

    static void write(List<RunResult> runs, PrintWriter out) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(new PrintStream(bytes, false, StandardCharsets.US_ASCII));
        writer.outputLogFormatVersion();
        long base = runs.stream().mapToLong(HdrLog::startMs).min().orElse(0);
        writer.outputStartTime(base);
        writer.setBaseTime(base);
        writer.outputBaseTime(base);
        writer.outputLegend();
        for (RunResult run : runs) {
            for (Map.Entry<String, HistogramData> entry : run.histograms().entrySet()) {
                if (!entry.getValue().hdr().isEmpty()) {
                    line(writer, run, entry.getKey(), entry.getValue());
                }
            }
        }
        out.print(bytes.toString(StandardCharsets.US_ASCII));
    }

    private static void line(HistogramLogWriter writer, RunResult run, String name, HistogramData data) {
        String where = run.cell() + "/r" + run.repetition() + "/" + name;
        Histogram histogram = Latencies.decode(data, where);
        histogram.setTag(where.replaceAll("[, \\r\\n]", "_"));
        long start = startMs(run);
        Metric runtime = run.metrics().get("runtime");
        histogram.setStartTimeStamp(start);
        histogram.setEndTimeStamp(start + (runtime == null ? 0 : (long) (runtime.value() / NS_PER_MS)));
        writer.outputIntervalHistogram(histogram);
    }

    private static long startMs(RunResult run) {
        try {
            return OffsetDateTime.parse(run.provenance().startedAt())
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }
}
