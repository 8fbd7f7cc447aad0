package ringside.workloads.job;

/** How many requests are in flight, and how they are put together. */
final class DepthOptions extends OptionGroup {
    private int iodepth = 1;
    private int low;
    private int batch;
    private int numjobs = 1;

    DepthOptions() {
        option("iodepth", value -> iodepth = positive("iodepth", value));
        option("iodepth_low", value -> low = positive("iodepth_low", value));
        option("iodepth_batch", value -> batch = positive("iodepth_batch", value));
        option("numjobs", value -> numjobs = positive("numjobs", value));
    }

    JobDepth depth() {
        return new JobDepth(iodepth, low == 0 ? iodepth : low, batch);
    }

    int numjobs() {
        return numjobs;
    }
}
