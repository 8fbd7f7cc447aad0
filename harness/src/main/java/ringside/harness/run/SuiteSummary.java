package ringside.harness.run;

/**
 * How a suite went, over all of its folder.
 *
 * @param planned runs of the plan
 * @param ok valid runs
 * @param invalid runs that failed a sanity check
 * @param missed runs whose open loop fell short of its rate
 * @param failed runs that did not complete
 * @param executed runs of this session; the others were finished before
 */
public record SuiteSummary(int planned, int ok, int invalid, int missed, int failed, int executed) {
    /** Whether every planned run has a result. */
    public boolean complete() {
        return ok + invalid + missed + failed == planned;
    }
}
