package ringside.harness.stats;

/** The logarithm of a ratio B / A as a sample tells it. */
sealed interface LogEffect permits LogSamples, LogSessions, PairedLogs {
    /** The estimate: the logarithm of the ratio B / A of the geometric means. */
    double difference();

    /** Two-sided p value of no difference; without any scatter 0 or 1. */
    double pValue();

    /** 95 % interval of the ratio. */
    Interval ratioInterval();

    /** Whether an effect of this logarithm would have been found with a probability of 80 % at a level. */
    boolean canShow(double logEffect, double level);

    /** Runs (of sessions: sessions) that each side would need for it, at the scatter that was measured. */
    int runsNeeded(double logEffect, double level);
}
