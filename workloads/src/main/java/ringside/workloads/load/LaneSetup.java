package ringside.workloads.load;

import java.nio.file.Path;
import java.util.Optional;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.trace.Trace;
import ringside.workloads.unit.IoUnit;

/**
 * What makes a lane.
 *
 * @param job the job it runs
 * @param region the job's part of this disk
 * @param place where it runs
 * @param seed seed of this lane alone
 * @param units its units, as many as the job's iodepth
 * @param rules what ends it
 * @param trace what it replays, if anything
 * @param log where its requests are written to, if anywhere
 * @param samples where its latencies and rates are written to, if anywhere
 */
public record LaneSetup(
        JobSpec job,
        JobRegion.Resolved region,
        LanePlace place,
        long seed,
        IoUnit[] units,
        LaneRules rules,
        Optional<Trace> trace,
        Optional<Path> log,
        Optional<LogFiles> samples) {
    /** A lane without trace and logs. */
    public LaneSetup(
            JobSpec job, JobRegion.Resolved region, LanePlace place, long seed, IoUnit[] units, LaneRules rules) {
        this(job, region, place, seed, units, rules, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
