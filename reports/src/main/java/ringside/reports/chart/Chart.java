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
                IopsByAxis.ordered("disks", "IOPS by number of disks"),
                IopsByAxis.ordered("bs", "IOPS by request size"),
                IopsByAxis.ordered("iothreads", "IOPS by number of IOThreads"),
                IopsByAxis.named("vq-mapping", "IOPS by mapping of queues to IOThreads"),
                IopsByAxis.named("driver", "IOPS by image format"),
                IopsByAxis.named("cache", "IOPS by cache mode"),
                new HostShare(),
                new HeatMap(),
                new ScalingChart(),
                new ThroughputLatency(),
                new PercentileCurves(),
                new LockWaitShare(),
                new IopsPerCpuSecond(),
                new StageBreakdown(),
                new IopsOverTime());
    }
}
