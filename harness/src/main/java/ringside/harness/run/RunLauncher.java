package ringside.harness.run;

import java.nio.file.Path;
import java.util.Optional;

/** Executes one run somewhere. */
interface RunLauncher {
    /**
     * Runs and waits.
     *
     * @param spec what to run
     * @param resultFile where the result must be afterwards
     * @param logFile where the worker's errors go
     * @return empty when the result file was written, otherwise why it was not
     */
    Optional<String> launch(RunSpec spec, Path resultFile, Path logFile, RunProgressListener listener);
}
