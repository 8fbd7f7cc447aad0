package ringside.harness.results;

import java.nio.file.Path;
import java.util.List;

/**
 * A results folder as a reader sees it.
 *
 * @param directory where it is
 * @param suite name of the suite
 * @param suiteYaml the suite's text as it was run
 * @param title one line
 * @param planned number of runs of the whole plan
 * @param results finished runs, in order of the plan; fewer than planned when the run was interrupted
 * @param compared what the verdict compares
 */
public record RunFolder(
        Path directory,
        String suite,
        String suiteYaml,
        String title,
        int planned,
        List<RunResult> results,
        Compared compared) {
    /** What a verdict compares where a suite does not say: the question this laboratory exists for. */
    public static final Compared DEFAULT_COMPARED = new Compared("threading", "big-lock", "iothread");

    public RunFolder {
        results = List.copyOf(results);
    }

    /** A folder whose verdict compares the default pair. */
    public RunFolder(
            Path directory, String suite, String suiteYaml, String title, int planned, List<RunResult> results) {
        this(directory, suite, suiteYaml, title, planned, results, DEFAULT_COMPARED);
    }
}
