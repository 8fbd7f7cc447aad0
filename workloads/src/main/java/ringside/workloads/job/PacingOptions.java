package ringside.workloads.job;

/** How fast requests are made. */
final class PacingOptions extends OptionGroup {
    private DirectionRates bytes = DirectionRates.NONE;
    private DirectionRates iops = DirectionRates.NONE;
    private RateProcess process = RateProcess.LINEAR;
    private boolean openLoop;
    private long thinkNs;
    private long spinNs;
    private int blocks = -1;
    private boolean byIssue;
    private long ioTimeNs;

    PacingOptions() {
        option("rate", value -> bytes = DirectionRates.parse("rate", value));
        option("rate_iops", value -> iops = DirectionRates.parse("rate_iops", value));
        option("rate_process", value -> process = RateProcess.of(value));
        flag("open_loop", value -> openLoop = value);
        option("thinktime", value -> thinkNs = FioUnits.microsNs("thinktime", value));
        option("thinktime_spin", value -> spinNs = FioUnits.microsNs("thinktime_spin", value));
        option("thinktime_blocks", value -> blocks = positive("thinktime_blocks", value));
        option("thinktime_blocks_type", this::blocksType);
        option("thinktime_iotime", value -> ioTimeNs = FioUnits.durationNs("thinktime_iotime", value));
    }

    private void blocksType(String value) {
        byIssue = switch (value) {
            case "complete" -> false;
            case "issue" -> true;
            default -> throw new IllegalArgumentException("thinktime_blocks_type=" + value + ": use complete or issue");
        };
    }

    JobPacing pacing() {
        int counted = blocks < 0 ? (ioTimeNs > 0 ? 0 : 1) : blocks;
        return new JobPacing(bytes, iops, process, openLoop, new JobThink(thinkNs, spinNs, counted, byIssue, ioTimeNs));
    }
}
