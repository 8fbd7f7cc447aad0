package ringside.workloads.job;

/** How many requests are in flight, and how they are put together. */
final class DepthOptions extends OptionGroup {
    private int iodepth = 1;
    private int numjobs = 1;

    DepthOptions() {
        option("iodepth", value -> iodepth = positive("iodepth", value));
        option("numjobs", value -> numjobs = positive("numjobs", value));
    }

    JobDepth depth() {
        return new JobDepth(iodepth);
    }

    int numjobs() {
        return numjobs;
    }
}
