package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.List;
import ringside.harness.results.RunResult;
import ringside.harness.stats.CellSteadiness;

/** Names the cells whose figures mix levels, below a run. */
final class SteadinessNote {
    /** More cells than this are only counted: the report names them all. */
    private static final int MOST_NAMED = 8;

    private SteadinessNote() {}

    /** Prints nothing where every cell is steady. */
    static void print(PrintWriter out, List<RunResult> results) {
        List<CellSteadiness> cells = CellSteadiness.mixing(results);
        if (cells.isEmpty()) {
            return;
        }
        out.println((cells.size() == 1 ? "1 cell is" : cells.size() + " cells are")
                + " not steady, so that the means mix levels; a longer ramp_time or runtime may help:");
        cells.stream().limit(MOST_NAMED).forEach(cell -> out.println("  " + cell.cell() + ": " + cell.text()));
        if (cells.size() > MOST_NAMED) {
            out.println("  and " + (cells.size() - MOST_NAMED) + " more");
        }
    }
}
