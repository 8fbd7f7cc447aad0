package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.List;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/** Says how many of the runs that count were disturbed by the host, below a run or a comparison. */
final class DisturbanceNote {
    private DisturbanceNote() {}

    /**
     * Prints nothing where the host was quiet.
     *
     * @param where which runs these are, with a blank at its end; empty where there is no doubt
     */
    static void print(PrintWriter out, String where, List<RunResult> results) {
        List<RunResult> valid =
                results.stream().filter(run -> run.status() == RunStatus.OK).toList();
        List<String> reasons =
                valid.stream().flatMap(run -> run.disturbance().stream()).toList();
        if (!reasons.isEmpty()) {
            out.println(where + reasons.size() + " of " + valid.size() + " valid runs were disturbed by the host"
                    + " and count all the same; --retry-disturbed N repeats such runs. The first: "
                    + reasons.getFirst());
        }
    }
}
