package ringside.harness.bisect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultJson;
import ringside.harness.results.RunResult;

/**
 * What {@code bisect.json} says of a folder: which search its pairs belong to.
 *
 * @param schemaVersion as in {@link RunResult#SCHEMA_VERSION}
 * @param good full name of the good commit
 * @param bad full name of the bad commit
 * @param suite digest of the suite with its one cell
 * @param cell id of the cell
 * @param metric what is judged
 * @param pairs of the first look at a commit
 * @param images of the user
 */
record BisectPlan(
        int schemaVersion,
        String good,
        String bad,
        String suite,
        String cell,
        String metric,
        int pairs,
        List<String> images) {
    private static final String FILE = "bisect.json";

    /** Writes it into a new folder; in a folder of the same search it is there. */
    void keepIn(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            AtomicFiles.write(file, ResultJson.write(this));
            return;
        }
        if (!ResultJson.read(AtomicFiles.text(file), BisectPlan.class, file).equals(this)) {
            throw HarnessException.badInput(
                    folder + " holds another search: name the same commits, suite and cell again, or another --out");
        }
    }
}
