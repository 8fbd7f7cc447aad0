package ringside.harness.observe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.results.Series;

/** Readings of counters as series on an even grid and as means over the measured phase. */
final class HostTimeline {
    private static final long GRID_NS = 200_000_000;
    private static final int MOST_POINTS = 1000;

    /** A thread with less than this share of a CPU has no series of its own. */
    private static final double VISIBLE = 0.005;

    private static final String CPUS = "1";

    private final List<HostSample> samples;
    private final long startNs;
    private final long windowNs;
    private final long gridNs;

    /** @param samples in order of time, at least two */
    HostTimeline(List<HostSample> samples) {
        this.samples = samples;
        this.startNs = samples.getFirst().atNs();
        this.windowNs = Math.max(1, samples.getLast().atNs() - startNs);
        this.gridNs = GRID_NS * Math.max(1, Math.ceilDiv(windowNs, GRID_NS * MOST_POINTS));
    }

    /** Everything that has a value in each interval. */
    List<Series> series() {
        List<Series> all = new ArrayList<>();
        if (hasHost()) {
            all.add(rate("host_other_cpus", CPUS, 1, HostSample::othersNs));
            all.add(rate("host_stolen_cpus", CPUS, 1, HostSample::stolenNs));
            all.add(runnable());
        }
        if (hasPressure()) {
            all.add(rate(
                    "psi_cpu",
                    CPUS,
                    1,
                    sample -> sample.pressure().orElseThrow().cpuNs()));
            all.add(rate(
                    "psi_io", CPUS, 1, sample -> sample.pressure().orElseThrow().ioNs()));
            all.add(rate(
                    "psi_memory",
                    CPUS,
                    1,
                    sample -> sample.pressure().orElseThrow().memoryNs()));
        }
        all.add(rate("allocation", "bytes/s", 1e9, HostSample::allocatedBytes));
        threads()
                .forEach(name -> all.add(
                        rate("cpu." + name, CPUS, 1, sample -> sample.threadNs().getOrDefault(name, 0L))));
        return List.copyOf(all);
    }

    /** Means over the measured phase. */
    Map<String, Metric> metrics() {
        Map<String, Metric> all = new LinkedHashMap<>();
        if (hasPressure()) {
            all.put("psi_cpu", mean(sample -> sample.pressure().orElseThrow().cpuNs()));
            all.put("psi_io", mean(sample -> sample.pressure().orElseThrow().ioNs()));
            all.put("psi_memory", mean(sample -> sample.pressure().orElseThrow().memoryNs()));
        }
        if (hasHost()) {
            all.put("host_other_cpus", mean(HostSample::othersNs));
            all.put("host_stolen_cpus", mean(HostSample::stolenNs));
            all.put("host_runnable", new Metric(meanRunnable(), "1", Better.NEITHER));
        }
        all.put("observer_cpus", mean(HostTimeline::observerNs));
        return all;
    }

    /** Length of the observed phase in nanoseconds. */
    long windowNs() {
        return windowNs;
    }

    private boolean hasHost() {
        return samples.stream().allMatch(sample -> sample.host().isPresent());
    }

    private boolean hasPressure() {
        return samples.stream().allMatch(sample -> sample.pressure().isPresent());
    }

    private static double observerNs(HostSample sample) {
        return sample.threadNs().entrySet().stream()
                .filter(thread -> thread.getKey().equals(HostSampler.THREAD)
                        || thread.getKey().startsWith("JFR "))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private double meanRunnable() {
        return samples.stream()
                .skip(1)
                .mapToInt(sample -> sample.host().orElseThrow().runnable())
                .average()
                .orElse(0);
    }

    private Metric mean(ToDoubleFunction<HostSample> counter) {
        double used = counter.applyAsDouble(samples.getLast()) - counter.applyAsDouble(samples.getFirst());
        return new Metric(Math.max(0, used / windowNs), "1", Better.LOWER);
    }

    private List<String> threads() {
        Map<String, Long> first = samples.getFirst().threadNs();
        TreeSet<String> names = new TreeSet<>();
        for (HostSample sample : samples) {
            sample.threadNs().forEach((name, ns) -> {
                if (ns - first.getOrDefault(name, 0L) > VISIBLE * windowNs) {
                    names.add(name);
                }
            });
        }
        return List.copyOf(names);
    }

    private Series rate(String name, String unit, double scale, ToDoubleFunction<HostSample> counter) {
        List<Double> values = new ArrayList<>();
        double before = counter.applyAsDouble(samples.getFirst());
        int at = 1;
        for (long gridEndNs = gridNs; gridEndNs <= windowNs; gridEndNs += gridNs) {
            while (samples.get(at).atNs() - startNs < gridEndNs) {
                at++;
            }
            double now = between(samples.get(at - 1), samples.get(at), gridEndNs, counter);
            values.add(round(Math.max(0, now - before) * scale / gridNs));
            before = Math.max(before, now);
        }
        return new Series(name, unit, gridNs, List.copyOf(values));
    }

    private double between(HostSample left, HostSample right, long atNs, ToDoubleFunction<HostSample> counter) {
        double from = counter.applyAsDouble(left);
        double share = (atNs - (left.atNs() - startNs)) / (double) Math.max(1, right.atNs() - left.atNs());
        return from + share * (counter.applyAsDouble(right) - from);
    }

    private Series runnable() {
        List<Double> values = new ArrayList<>();
        int at = 1;
        for (long gridEndNs = gridNs; gridEndNs <= windowNs; gridEndNs += gridNs) {
            while (samples.get(at).atNs() - startNs < gridEndNs) {
                at++;
            }
            values.add((double) samples.get(at).host().orElseThrow().runnable());
        }
        return new Series("host_runnable", "1", gridNs, List.copyOf(values));
    }

    /** Four digits are more than the counters hold, and keep result files small. */
    private static double round(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
