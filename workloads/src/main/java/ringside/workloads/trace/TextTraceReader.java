package ringside.workloads.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Traces made of lines: fio's iologs, else CSV. */
final class TextTraceReader {
    private TextTraceReader() {}

    static Trace read(Path file, InputStream in, TraceBuilder builder) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        String first = lines.readLine();
        if (first == null) {
            throw new TraceException(file, "the trace is empty");
        }
        return switch (first.strip()) {
            case "fio version 2 iolog" -> new IologReader(file, builder).readVersion2(lines);
            case "fio version 3 iolog" -> new IologReader(file, builder).readVersion3(lines);
            default -> new CsvTraceReader(file, builder, first).read(lines);
        };
    }
}
