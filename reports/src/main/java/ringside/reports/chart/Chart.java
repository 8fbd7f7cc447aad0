package ringside.reports.chart;

import java.util.List;
import java.util.Optional;
import ringside.reports.model.ReportModel;

/** Something that can be drawn from a report's model. */
@FunctionalInterface
public interface Chart {
    /** The chart; empty where the results have nothing for it. */
    Optional<ChartBlock> draw(ReportModel model);

    /** All charts in the order of a report. */
    static List<Chart> all() {
        return List.of(
                new IopsByConfiguration(),
                new IopsByAxis("disks", "IOPS by number of disks"),
                new IopsByAxis("bs", "IOPS by request size"),
                new ScalingChart(),
                new ThroughputLatency(),
                new PercentileCurves(),
                new LockWaitShare(),
                new IopsPerCpuSecond(),
                new StageBreakdown(),
                new IopsOverTime());
    }
}
