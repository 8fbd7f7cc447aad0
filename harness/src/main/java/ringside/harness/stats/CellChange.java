package ringside.harness.stats;

/**
 * One cell in two folders.
 *
 * @param cell id of the cell
 * @param runsA valid runs in A
 * @param runsB valid runs in B
 * @param medianA median in A, NaN for none
 * @param medianB median in B, NaN for none
 * @param ratio B / A of the geometric means, NaN where a side is missing
 * @param interval 95 % interval of the ratio by Welch's t, for this cell alone; (0, infinity) where there are too few runs
 * @param pValue of no difference, corrected for the number of cells by Holm's method; 1 where there are too few runs
 * @param change what may be said
 * @param runsNeeded runs per side that the smallest effect of interest needs at the scatter measured; 0 where unknown
 */
public record CellChange(
        String cell,
        int runsA,
        int runsB,
        double medianA,
        double medianB,
        double ratio,
        Interval interval,
        double pValue,
        Change change,
        int runsNeeded) {}
