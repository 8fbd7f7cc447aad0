package ringside.workloads.job;

/** When a job begins and ends. */
final class TimingOptions extends OptionGroup {
    private long runtimeNs;
    private boolean timeBased;
    private long rampTimeNs;

    TimingOptions() {
        option("runtime", value -> runtimeNs = FioUnits.durationNs("runtime", value));
        option("ramp_time", value -> rampTimeNs = FioUnits.durationNs("ramp_time", value));
        flag("time_based", value -> timeBased = value);
    }

    JobTiming timing() {
        return new JobTiming(runtimeNs, timeBased, rampTimeNs);
    }
}
