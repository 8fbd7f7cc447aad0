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
 */
public record RunFolder(
        Path directory, String suite, String suiteYaml, String title, int planned, List<RunResult> results) {}
