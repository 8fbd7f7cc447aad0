package ringside.harness.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ringside.harness.results.PlannedRun;
import ringside.harness.suite.Option;

/**
 * All that a worker needs for one run.
 *
 * @param suite name of the suite
 * @param run which run of the plan
 * @param options effective options of the cell
 * @param jobFile fio job file, empty when the options are the job
 * @param strict whether an option of the job file that is not understood is refused
 * @param images raw images; disk i uses image i modulo their number
 * @param allowWrites whether the images may be opened for writing
 * @param histogramFile where the worker puts its histogram log
 * @param serverCommand template of the server to start, empty for none
 * @param serverLogFile where a server or fio writes its log
 * @param command the command that repeats this point
 * @param ringsideVersion version of Ringside
 * @param gitRevision revision of Ringside
 */
public record RunSpec(
        String suite,
        PlannedRun run,
        Map<String, String> options,
        String jobFile,
        boolean strict,
        List<String> images,
        boolean allowWrites,
        String histogramFile,
        String serverCommand,
        String serverLogFile,
        String command,
        String ringsideVersion,
        String gitRevision) {
    /** What the names of this run's job logs begin with. */
    String logBeginning() {
        return run.fileStem() + "-";
    }

    /** Where logs of this run are. */
    Path logFolder() {
        return Path.of(histogramFile).toAbsolutePath().getParent().resolveSibling("logs");
    }

    /** Effective value of an option. */
    String option(Option option) {
        return options.get(option.label());
    }
}
