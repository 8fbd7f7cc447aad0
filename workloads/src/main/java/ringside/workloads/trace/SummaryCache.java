package ringside.workloads.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The summaries that were asked for last: a suite makes the job of each of its cells, and a trace may have gigabytes. May
 * be used by any thread.
 */
final class SummaryCache {
    private record Key(Path file, long sizeBytes, long modifiedMs, TraceRules rules) {}

    private static final int KEPT = 64;

    private static final Map<Key, TraceSummary> SUMMARIES = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, TraceSummary> eldest) {
            return size() > KEPT;
        }
    };

    private SummaryCache() {}

    static synchronized TraceSummary get(Path file, TraceRules rules) {
        Key key;
        try {
            key = new Key(
                    file, Files.size(file), Files.getLastModifiedTime(file).toMillis(), rules);
        } catch (IOException _) {
            return Trace.read(file, rules).summary(); // which says what is wrong
        }
        TraceSummary known = SUMMARIES.get(key);
        if (known == null) {
            known = Trace.read(file, rules).summary();
            SUMMARIES.put(key, known);
        }
        return known;
    }
}
