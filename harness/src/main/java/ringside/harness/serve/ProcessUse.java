package ringside.harness.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a process holds at one moment, from /proc.
 *
 * @param rssKib resident memory
 * @param rssAnonKib the part of it that is the process's own: without mapped files and the memory of a front-end
 * @param threads kernel threads
 * @param fds open file descriptors
 */
record ProcessUse(long rssKib, long rssAnonKib, long threads, long fds) {
    private static final String RSS = "VmRSS";
    private static final String RSS_ANON = "RssAnon";
    private static final String THREADS = "Threads";

    /** The process with this id, empty when it is gone or belongs to somebody else. */
    static Optional<ProcessUse> of(long pid) {
        Path folder = Path.of("/proc", Long.toString(pid));
        try {
            Map<String, Long> status = status(folder.resolve("status"));
            return Optional.of(new ProcessUse(
                    status.getOrDefault(RSS, 0L),
                    status.getOrDefault(RSS_ANON, 0L),
                    status.getOrDefault(THREADS, 0L),
                    entries(folder.resolve("fd"))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** This process; zeroes where /proc is missing. */
    static ProcessUse ofThis() {
        return of(ProcessHandle.current().pid()).map(ProcessUse::withoutReader).orElse(new ProcessUse(0, 0, 0, 0));
    }

    /** Counting one's own descriptors opens one. */
    private ProcessUse withoutReader() {
        return new ProcessUse(rssKib, rssAnonKib, threads, Math.max(0, fds - 1));
    }

    /** Called every second in a server whose requests allocate nothing, so frugal. */
    private static Map<String, Long> status(Path file) throws IOException {
        Map<String, Long> values = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            for (String key : List.of(RSS, RSS_ANON, THREADS)) {
                if (line.startsWith(key) && line.charAt(key.length()) == ':') {
                    values.put(key, number(line, key.length() + 1));
                }
            }
        }
        return values;
    }

    private static long number(String line, int from) {
        long value = 0;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            value = c >= '0' && c <= '9' ? 10 * value + (c - '0') : value;
        }
        return value;
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
