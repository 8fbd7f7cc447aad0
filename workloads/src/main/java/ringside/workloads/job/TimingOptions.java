package ringside.workloads.job;

/** When a job begins and ends. */
final class TimingOptions extends OptionGroup {
    private static final String DELAY = "startdelay";

    private long runtimeNs;
    private boolean timeBased;
    private long rampTimeNs;
    private long minDelayNs;
    private long maxDelayNs;
    private boolean stonewall;
    private int loops = 1;
    private long maxLatencyNs;
    private SteadyRule steady = SteadyRule.NONE;
    private long steadyWindowNs;
    private long steadyRampNs;

    TimingOptions() {
        option("runtime", value -> runtimeNs = FioUnits.durationNs("runtime", value));
        option("ramp_time", value -> rampTimeNs = FioUnits.durationNs("ramp_time", value));
        flag("time_based", value -> timeBased = value);
        option(DELAY, this::delay);
        flag("stonewall", value -> stonewall = value);
        option("loops", value -> loops = positive("loops", value));
        option("steadystate", value -> steady = SteadyRule.parse(value));
        option("steadystate_duration", value -> steadyWindowNs = FioUnits.durationNs("steadystate_duration", value));
        option("steadystate_ramp_time", value -> steadyRampNs = FioUnits.durationNs("steadystate_ramp_time", value));
        option("max_latency", value -> maxLatencyNs = FioUnits.microsNs("max_latency", value));
    }

    /** A time, or a range of which each clone draws its own. */
    private void delay(String value) {
        String[] ends = value.split("-", 2);
        minDelayNs = FioUnits.durationNs(DELAY, ends[0]);
        maxDelayNs = ends.length == 1 ? minDelayNs : FioUnits.durationNs(DELAY, ends[1]);
    }

    JobTiming timing() {
        return new JobTiming(
                runtimeNs,
                timeBased,
                rampTimeNs,
                new JobStart(minDelayNs, maxDelayNs, stonewall),
                loops,
                maxLatencyNs,
                steady.isUsed() ? steady.over(steadyWindowNs, steadyRampNs) : SteadyRule.NONE);
    }
}
