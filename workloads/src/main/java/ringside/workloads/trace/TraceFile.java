package ringside.workloads.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Tells the form of a trace and hands it to its reader. */
final class TraceFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private TraceFile() {}

    static Trace read(Path file, TraceRules rules) {
        TraceBuilder builder = new TraceBuilder(file, rules);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            in.mark(Integer.BYTES);
            byte[] head = in.readNBytes(Integer.BYTES);
            in.reset();
            if (BlktraceReader.recognises(head)) {
                return new BlktraceReader(file, builder).read(in, head);
            }
            return TextTraceReader.read(file, in, builder);
        } catch (NoSuchFileException e) {
            throw new TraceException(file, "no such trace");
        } catch (IOException e) {
            throw new TraceException(file, "cannot be read: " + e.getMessage());
        }
    }
}
