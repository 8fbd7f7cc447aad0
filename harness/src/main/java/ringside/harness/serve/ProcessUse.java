package ringside.harness.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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

    private static Map<String, Long> status(Path file) throws IOException {
        Map<String, Long> values = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split("[:\\s]+");
            if (words.length > 1 && (words[0].equals(RSS) || words[0].equals(RSS_ANON) || words[0].equals(THREADS))) {
                values.put(words[0], Long.parseLong(words[1]));
            }
        }
        return values;
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
