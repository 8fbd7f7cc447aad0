package ringside.workloads.runner;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.SteadyRule;

/** Looks about once a second whether a run is steady (fio: steadystate). The coordinator's. */
final class SteadyWatch {
    private final SteadyRule rule;
    private final double[] window;
    private int taken;
    private long lastNs;
    private long lastTotal;
    private boolean begun;
    private double value = Double.NaN;
    private boolean attained;

    SteadyWatch(SteadyRule rule) {
        this.rule = rule;
        this.window = new double[(int) Math.max(1, rule.windowNs() / SteadyRule.INTERVAL_NS)];
    }

    /** By the first job that has a rule; the rates are those of all jobs together. */
    static SteadyWatch of(List<JobSpec> jobs) {
        return new SteadyWatch(jobs.stream()
                .map(job -> job.timing().steady())
                .filter(SteadyRule::isUsed)
                .findFirst()
                .orElse(SteadyRule.NONE));
    }

    /** Takes a value when it is time for one; returns whether the run is steady. */
    boolean steady(long elapsedNs, long ios, long bytes) {
        if (!rule.isUsed() || attained || elapsedNs < rule.rampNs()) {
            return attained;
        }
        long total = rule.iops() ? ios : bytes;
        if (!begun) {
            begun = true;
            remember(elapsedNs, total);
        } else if (elapsedNs - lastNs >= SteadyRule.INTERVAL_NS) {
            window[taken++ % window.length] = (total - lastTotal) * 1e9 / (elapsedNs - lastNs);
            remember(elapsedNs, total);
            if (taken >= window.length) {
                judge();
            }
        }
        return attained;
    }

    private void remember(long elapsedNs, long total) {
        lastNs = elapsedNs;
        lastTotal = total;
    }

    private void judge() {
        double mean = Arrays.stream(window).average().orElse(0);
        double distance = rule.slope() ? Math.abs(slope()) : largestDistance(mean);
        value = rule.percent() ? (mean == 0 ? Double.POSITIVE_INFINITY : distance / mean) : distance;
        attained = value <= rule.limit();
    }

    /** Of the straight line of least squares, per second. */
    private double slope() {
        double middle = (window.length - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < window.length; i++) {
            // The oldest value lies where the next one will be written.
            products += (i - middle) * window[(taken + i) % window.length];
            squares += (i - middle) * (i - middle);
        }
        return products / squares * 1e9 / SteadyRule.INTERVAL_NS;
    }

    private double largestDistance(double mean) {
        return Arrays.stream(window).map(one -> Math.abs(one - mean)).max().orElse(0);
    }

    /** How it went; empty without a rule. */
    Optional<SteadyOutcome> outcome(long endNs) {
        return rule.isUsed()
                ? Optional.of(new SteadyOutcome(attained, attained ? lastNs : endNs, value))
                : Optional.empty();
    }
}
