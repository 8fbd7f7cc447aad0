package ringside.workloads.job;

/** How fast requests are made. */
final class PacingOptions extends OptionGroup {
    private DirectionRates bytes = DirectionRates.NONE;
    private DirectionRates iops = DirectionRates.NONE;
    private RateProcess process = RateProcess.LINEAR;
    private boolean openLoop;

    PacingOptions() {
        option("rate", value -> bytes = DirectionRates.parse("rate", value));
        option("rate_iops", value -> iops = DirectionRates.parse("rate_iops", value));
        option("rate_process", value -> process = RateProcess.of(value));
        flag("open_loop", value -> openLoop = value);
    }

    JobPacing pacing() {
        return new JobPacing(bytes, iops, process, openLoop);
    }
}
