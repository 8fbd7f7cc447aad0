package ringside.workloads.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Comma-separated values. The first line names the columns in any order: {@code time_s}, {@code time_ms}, {@code time_us}
 * or {@code time_ns}; {@code op}; {@code offset} and {@code length} in bytes. Others are passed over.
 */
final class CsvTraceReader {
    private static final Map<String, Long> UNIT_NS =
            Map.of("time_s", 1_000_000_000L, "time_ms", 1_000_000L, "time_us", 1_000L, "time_ns", 1L);

    private final Path file;
    private final TraceBuilder builder;
    private final int timeColumn;
    private final BigDecimal unitNs;
    private final int opColumn;
    private final int offsetColumn;
    private final int lengthColumn;
    private final int columns;
    private long line = 1;

    CsvTraceReader(Path file, TraceBuilder builder, String header) {
        this.file = file;
        this.builder = builder;
        List<String> names = Arrays.stream(header.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        this.columns = names.size();
        String time = names.stream()
                .filter(UNIT_NS::containsKey)
                .findFirst()
                .orElseThrow(() -> new TraceException(
                        file,
                        1,
                        "neither an iolog of fio (version 2 or 3) nor blktrace's binary, nor a CSV with a line of names"
                                + " such as time_us,op,offset,length"));
        this.timeColumn = names.indexOf(time);
        this.unitNs = BigDecimal.valueOf(UNIT_NS.get(time));
        this.opColumn = column(names, "op");
        this.offsetColumn = column(names, "offset");
        this.lengthColumn = column(names, "length");
    }

    Trace read(BufferedReader lines) throws IOException {
        String text;
        while ((text = lines.readLine()) != null) {
            line++;
            if (!text.isBlank()) {
                accept(text.split(",", -1));
            }
        }
        return builder.build();
    }

    private void accept(String[] values) {
        if (values.length < columns) {
            throw new TraceException(file, line, values.length + " values for " + columns + " columns");
        }
        String name = values[opColumn].strip();
        TraceOp op = TraceOp.of(name)
                .orElseThrow(() ->
                        new TraceException(file, line, "unknown op '" + name + "': use read, write, trim or sync"));
        long timeNs = number(values[timeColumn])
                .multiply(unitNs)
                .setScale(0, RoundingMode.HALF_UP)
                .longValue();
        builder.add(line, timeNs, op, whole(values[offsetColumn]), whole(values[lengthColumn]));
    }

    private long whole(String value) {
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException _) {
            throw new TraceException(file, line, "'" + value.strip() + "' is not a whole number of bytes");
        }
    }

    private BigDecimal number(String value) {
        try {
            return new BigDecimal(value.strip());
        } catch (NumberFormatException _) {
            throw new TraceException(file, line, "time '" + value.strip() + "' is not a number");
        }
    }

    private int column(List<String> names, String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new TraceException(file, 1, "no column " + name + ": name it in the first line");
        }
        return index;
    }
}
