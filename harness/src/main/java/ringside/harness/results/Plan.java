package ringside.harness.results;

import java.util.List;
import java.util.Map;

/**
 * What a results folder is going to hold: {@code plan.json}, written before the first run; later only runs are
 * added, where a budget of time is spent on more repetitions.
 *
 * @param schemaVersion as in {@link RunResult#SCHEMA_VERSION}
 * @param suite name of the suite
 * @param title one line
 * @param seed seed of the order and of the load
 * @param repeats repetitions of each cell, of some cells more where a budget was spent
 * @param suiteSha256 digest of the suite and of everything the command line changed in it; a resume must match it
 * @param commandLine the command that made the plan
 * @param settings effective settings that are the same in all cells, including defaults
 * @param compared what the verdict compares
 * @param runs all runs in their order
 */
public record Plan(
        int schemaVersion,
        String suite,
        String title,
        long seed,
        int repeats,
        String suiteSha256,
        List<String> commandLine,
        Map<String, String> settings,
        Compared compared,
        List<PlannedRun> runs) {}
