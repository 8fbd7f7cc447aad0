package ringside.workloads.load;

import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
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
 */
public record LaneSetup(
        JobSpec job, JobRegion.Resolved region, LanePlace place, long seed, IoUnit[] units, LaneRules rules) {}
