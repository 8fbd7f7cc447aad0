package ringside.harness.serve;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * Memory and descriptors of a server over one life, from start to kill or stop. What the JVM takes while it warms up is no
 * leak, so the first part of a life does not count.
 */
final class ServerUse {
    /** Part of a life, by samples, that belongs to warming up. */
    private static final double WARM_UP = 0.25;

    private final List<Sample> samples = new ArrayList<>();

    /** One reading. */
    private record Sample(double atS, ProcessUse use) {}

    void add(double atS, ProcessUse use) {
        samples.add(new Sample(atS, use));
    }

    int size() {
        return samples.size();
    }

    private List<Sample> settled() {
        return samples.subList((int) (samples.size() * WARM_UP), samples.size());
    }

    /** What is reported; zeroes when nothing was sampled. */
    ServerGrowth growth() {
        List<Sample> settled = settled();
        if (settled.isEmpty()) {
            return new ServerGrowth(0, 0, 0, 0, 0, 0, 0);
        }
        SimpleRegression line = new SimpleRegression();
        settled.forEach(sample -> line.addData(sample.atS, sample.use.rssAnonKib()));
        ProcessUse first = settled.getFirst().use();
        ProcessUse last = settled.getLast().use();
        double slope = settled.size() < 3 ? 0 : line.getSlope();
        return new ServerGrowth(
                settled.size(),
                first.rssAnonKib(),
                last.rssAnonKib(),
                Double.isFinite(slope) ? slope : 0,
                last.rssKib(),
                first.fds(),
                last.fds());
    }
}
