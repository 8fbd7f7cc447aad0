package ringside.workloads.job;

/** How many requests are in flight, and how they are put together. */
final class DepthOptions extends OptionGroup {
    private int iodepth = 1;
    private int low;
    private int batch;
    private int completeMin = 1;
    private int numjobs = 1;

    private long targetNs;
    private long windowNs;
    private double percentile = 100;
    private boolean goesOn;

    DepthOptions() {
        option("latency_target", value -> targetNs = FioUnits.microsNs("latency_target", value));
        option("latency_window", value -> windowNs = FioUnits.microsNs("latency_window", value));
        option("latency_percentile", value -> percentile = percentile(value));
        flag("latency_run", value -> goesOn = value);
        option("iodepth", value -> iodepth = positive("iodepth", value));
        option("iodepth_low", value -> low = positive("iodepth_low", value));
        option("iodepth_batch", value -> batch = positive("iodepth_batch", value));
        option(
                "iodepth_batch_complete_min",
                value -> completeMin =
                        (int) FioUnits.integer("iodepth_batch_complete_min", value, 0, Integer.MAX_VALUE));
        option("numjobs", value -> numjobs = positive("numjobs", value));
    }

    JobDepth depth() {
        DepthSearch search = new DepthSearch(targetNs, windowNs, percentile, goesOn);
        return new JobDepth(iodepth, low == 0 ? iodepth : low, batch, Math.max(1, completeMin), search);
    }

    int numjobs() {
        return numjobs;
    }

    private static double percentile(String value) {
        double percent = value.matches("[0-9]{1,3}(\\.[0-9]{1,9})?") ? Double.parseDouble(value) : 0;
        if (percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("latency_percentile=" + value + " is not above 0 and at most 100");
        }
        return percent;
    }
}
