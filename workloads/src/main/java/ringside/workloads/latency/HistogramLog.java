package ringside.workloads.latency;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes HdrHistogram's interval logs ({@code .hlog}), which HistogramLogAnalyzer and other tools read. */
public final class HistogramLog {
    private HistogramLog() {}

    /**
     * Writes one interval with one tagged line per histogram. Values are nanoseconds; the column of the maximum is in
     * milliseconds, as tools expect.
     *
     * @param file the log to create or overwrite
     * @param startEpochMs begin of the measured time since the epoch
     * @param endEpochMs its end
     * @param byTag histograms by tag; tags hold no comma, blank or line end
     * @throws UncheckedIOException when the file cannot be written
     */
    public static void write(Path file, long startEpochMs, long endEpochMs, Map<String, Histogram> byTag) {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.US_ASCII)) {
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            writer.outputStartTime(startEpochMs);
            writer.setBaseTime(startEpochMs);
            writer.outputBaseTime(startEpochMs);
            writer.outputLegend();
            byTag.forEach((tag, histogram) -> writeOne(writer, tag, histogram, startEpochMs, endEpochMs));
            if (out.checkError()) {
                throw new IOException(file + ": cannot be written completely: is the disk full?");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeOne(
            HistogramLogWriter writer, String tag, Histogram histogram, long startEpochMs, long endEpochMs) {
        Histogram tagged = histogram.copy();
        tagged.setTag(tag);
        tagged.setStartTimeStamp(startEpochMs);
        tagged.setEndTimeStamp(endEpochMs);
        writer.outputIntervalHistogram(tagged);
    }
}
