package ringside.workloads.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * fio's iolog. Version 2: {@code file action [offset length]}, and {@code file wait us 0}, which counts from the wait
 * before. Version 3: {@code us file action [offset length]}. The names of files are passed over: all requests go to the
 * disk of the job.
 */
final class IologReader {
    private static final long NS_PER_US = 1000;

    /** fio leaves shorter waits out. */
    private static final long MIN_WAIT_US = 100;

    private final Path file;
    private final TraceBuilder builder;
    private long line = 1;
    private long waitedNs;

    IologReader(Path file, TraceBuilder builder) {
        this.file = file;
        this.builder = builder;
    }

    Trace readVersion2(BufferedReader lines) throws IOException {
        String text;
        while ((text = lines.readLine()) != null) {
            line++;
            StringTokenizer words = new StringTokenizer(text);
            if (words.hasMoreTokens()) {
                words.nextToken();
                action(words, waitedNs, true);
            }
        }
        return builder.build(0);
    }

    Trace readVersion3(BufferedReader lines) throws IOException {
        String text;
        while ((text = lines.readLine()) != null) {
            line++;
            StringTokenizer words = new StringTokenizer(text);
            if (words.hasMoreTokens()) {
                long timeNs = number(words, "timestamp") * NS_PER_US;
                word(words, "file");
                action(words, timeNs, false);
            }
        }
        return builder.build();
    }

    private void action(StringTokenizer words, long timeNs, boolean mayWait) {
        String action = word(words, "action");
        if (!words.hasMoreTokens()) {
            checkFileAction(action);
            return;
        }
        long offset = number(words, "offset");
        long length = number(words, "length");
        if (action.equals("wait") && mayWait) {
            waitedNs += offset < MIN_WAIT_US ? 0 : offset * NS_PER_US;
            return;
        }
        Optional<TraceOp> op = TraceOp.of(action);
        if (op.isEmpty()) {
            throw new TraceException(file, line, "unknown action '" + action + "': use read, write, trim or sync");
        }
        builder.add(line, timeNs, op.get(), offset, length);
    }

    private void checkFileAction(String action) {
        switch (action) {
            case "add", "open", "close" -> {}
            default ->
                throw new TraceException(
                        file,
                        line,
                        "action '" + action + "' without offset and length: only add, open and close do so");
        }
    }

    private String word(StringTokenizer words, String what) {
        if (!words.hasMoreTokens()) {
            throw new TraceException(file, line, "no " + what + ": the line is cut off");
        }
        return words.nextToken();
    }

    private long number(StringTokenizer words, String what) {
        String word = word(words, what);
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException _) {
            throw new TraceException(file, line, what + " '" + word + "' is not a whole number");
        }
    }
}
