package ringside.harness.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a soak found. The form of its JSON file.
 *
 * @param schemaVersion grows when a field changes its meaning
 * @param server what was served
 * @param timeS length of the load in seconds
 * @param queues queues
 * @param depth requests in flight per queue
 * @param seed of offsets and contents
 * @param load what the load counted
 * @param verified whether contents were compared
 * @param verifyErrors blocks that held something else than the last acknowledged write
 * @param kills how often the server was killed and replaced
 * @param growth memory and descriptors of the server's longest life
 * @param gcCount collections of the last life
 * @param maxPauseMs longest pause of the last life
 * @param problems everything that is wrong, one line each; empty when all is well
 */
public record SoakResult(
        int schemaVersion,
        String server,
        double timeS,
        int queues,
        int depth,
        long seed,
        SoakCounts load,
        boolean verified,
        long verifyErrors,
        int kills,
        ServerGrowth growth,
        long gcCount,
        long maxPauseMs,
        List<String> problems) {
    static final int SCHEMA_VERSION = 1;

    public SoakResult {
        problems = List.copyOf(problems);
    }

    /** Whether all is well. */
    public boolean isClean() {
        return problems.isEmpty();
    }

    /** A few lines for a person. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        long requests = load.reads() + load.writes() + load.flushes();
        lines.add(String.format(
                Locale.ROOT,
                "%d requests in %.1f s (%.0f per second): %d reads, %d writes, %d flushes; the longest %.1f ms",
                requests,
                timeS,
                requests / timeS,
                load.reads(),
                load.writes(),
                load.flushes(),
                load.longestNs() / 1e6));
        lines.add("verify errors " + verifyErrors
                + (verified
                        ? ""
                        : " (nothing to compare: a null disk keeps nothing, and a kill loses what a format had not flushed)")
                + ", failed " + load.failed() + ", stuck " + load.stuck() + ", lost " + load.lost()
                + "; killed and replaced " + kills + (kills == 1 ? " time" : " times"));
        lines.add(String.format(
                Locale.ROOT,
                "server: own memory %d to %d KiB (%+.1f KiB/s), resident %d KiB, open files %d to %d,"
                        + " %d collections, longest pause %d ms",
                growth.rssAnonStartKib(),
                growth.rssAnonEndKib(),
                growth.rssAnonSlopeKibPerS(),
                growth.rssEndKib(),
                growth.fdsStart(),
                growth.fdsEnd(),
                gcCount,
                maxPauseMs));
        problems.forEach(problem -> lines.add("wrong: " + problem));
        lines.add(isClean() ? "all is well" : "not well");
        return lines;
    }
}
