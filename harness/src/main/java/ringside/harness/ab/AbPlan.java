package ringside.harness.ab;

import java.nio.file.Files;
import java.nio.file.Path;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultJson;
import ringside.harness.results.RunResult;

/**
 * What {@code ab.json} says of a folder: who is compared. Suite, pairs and order are those of the two results folders in
 * it, which have equal plans.
 *
 * @param schemaVersion as in {@link RunResult#SCHEMA_VERSION}
 * @param base the side that is compared with
 * @param head the side that is judged
 */
public record AbPlan(int schemaVersion, AbSide base, AbSide head) {
    private static final String FILE = "ab.json";

    /** Of the present schema. */
    public static AbPlan of(AbSide base, AbSide head) {
        return new AbPlan(RunResult.SCHEMA_VERSION, base, head);
    }

    /** Whether a folder holds such a plan. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /**
     * Reads the plan of a folder.
     *
     * @throws HarnessException in one line if there is none
     */
    public static AbPlan read(Path folder) {
        if (!isIn(folder)) {
            throw HarnessException.badInput(folder + ": not a folder of ringside ab (it has no " + FILE + ")");
        }
        Path file = folder.resolve(FILE);
        return ResultJson.read(AtomicFiles.text(file), AbPlan.class, file);
    }

    /** Writes it, last of all that a folder needs to be continued. */
    void write(Path folder) {
        AtomicFiles.write(folder.resolve(FILE), ResultJson.write(this));
    }
}
