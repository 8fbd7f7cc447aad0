package ringside.reports;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import ringside.harness.results.HistogramData;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.results.Provenance;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.SanityCheck;
import ringside.harness.results.Series;
import ringside.harness.results.Steadiness;

/** Made-up results for tests: nothing here was measured, and every value follows from a seed. */
public final class Fixture {
    private static final long INTERVAL_NS = 100_000_000L;

    private final Map<String, List<String>> axes;
    private final int repetitions;
    private UnaryOperator<RunResult> change = UnaryOperator.identity();
    private int limit = Integer.MAX_VALUE;
    private int samples = 20_000;

    private Fixture(Map<String, List<String>> axes, int repetitions) {
        this.axes = axes;
        this.repetitions = repetitions;
    }

    /** Two presets on two drivers. */
    public static Fixture quick() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("driver", List.of("raw", "null"));
        return new Fixture(axes, 4);
    }

    /** Presets by disks by request size. */
    public static Fixture sweep() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "main-loop", "data-plane-1.4", "iothread", "iothread-vq-mapping"));
        axes.put("disks", List.of("1", "2", "4", "8"));
        axes.put("bs", List.of("512", "1k", "2k", "4k", "8k", "16k", "32k", "64k"));
        Fixture fixture = new Fixture(axes, 3);
        fixture.samples = 2_000;
        return fixture;
    }

    /** A thousand cells, thrice. */
    public static Fixture large() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "main-loop", "data-plane-1.4", "iothread", "iothread-vq-mapping"));
        axes.put("disks", List.of("1", "2", "4", "8", "16"));
        axes.put("bs", List.of("512", "1k", "2k", "4k", "8k", "16k", "32k", "64k"));
        axes.put("cache", List.of("none", "writeback", "writethrough", "directsync", "unsafe"));
        Fixture fixture = new Fixture(axes, 3);
        fixture.samples = 500;
        return fixture;
    }

    /** With other axes. */
    public static Fixture of(Map<String, List<String>> axes, int repetitions) {
        return new Fixture(axes, repetitions);
    }

    /** With so many values in each distribution. */
    public Fixture samples(int count) {
        samples = count;
        return this;
    }

    /** With results changed one by one. */
    public Fixture changed(UnaryOperator<RunResult> newChange) {
        change = newChange;
        return this;
    }

    /** With only the first runs finished. */
    public Fixture interruptedAfter(int runs) {
        limit = runs;
        return this;
    }

    /** The folder; repetitions are the outer loop, as in a plan. */
    public RunFolder folder(Path directory) {
        List<Map<String, String>> cells = cells();
        List<RunResult> results = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            for (Map<String, String> cell : cells) {
                results.add(change.apply(result(cell, repetition, results.size())));
            }
        }
        return new RunFolder(
                directory,
                "fixture",
                yaml(),
                "Made-up results for tests",
                results.size(),
                results.subList(0, Math.min(limit, results.size())));
    }

    private String yaml() {
        StringBuilder text = new StringBuilder("name: fixture\naxes:\n");
        axes.forEach((name, values) -> text.append("  ")
                .append(name)
                .append(": [\"")
                .append(String.join("\", \"", values))
                .append("\"]\n"));
        return text.toString();
    }

    private List<Map<String, String>> cells() {
        List<Map<String, String>> cells = List.of(Map.of());
        for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
            List<Map<String, String>> next = new ArrayList<>();
            for (Map<String, String> cell : cells) {
                for (String value : axis.getValue()) {
                    Map<String, String> longer = new LinkedHashMap<>(cell);
                    longer.put(axis.getKey(), value);
                    next.add(longer);
                }
            }
            cells = next;
        }
        return cells;
    }

    private RunResult result(Map<String, String> cell, int repetition, int order) {
        Random random = new Random(31L * cell.hashCode() + repetition);
        double iops = level(cell) * (1 + 0.03 * random.nextGaussian());
        boolean locked = cell.getOrDefault("threading", "").equals("big-lock");
        double cpuSeconds = locked ? 1.9 : 1.6;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("iops", new Metric(iops, "1/s", Better.HIGHER));
        metrics.put("bandwidth", new Metric(iops * 4096, "bytes/s", Better.HIGHER));
        metrics.put("ios", new Metric(Math.rint(iops), "1", Better.NEITHER));
        metrics.put("errors", new Metric(0, "1", Better.LOWER));
        metrics.put("cpu_seconds", new Metric(cpuSeconds, "s", Better.LOWER));
        metrics.put("iops_per_cpu_second", new Metric(iops / cpuSeconds, "1/s", Better.HIGHER));
        metrics.put(
                "lock_wait_share", new Metric(locked ? 0.31 + 0.02 * random.nextDouble() : 0.0, "ratio", Better.LOWER));
        Map<String, HistogramData> histograms = new LinkedHashMap<>();
        histograms.put("lat", histogram(random, 64e9 / iops));
        if (locked) {
            histograms.put("lock_wait", histogram(random, 4_000));
            histograms.put("lock_hold", histogram(random, 1_500));
        }
        for (String stage : List.of("kick", "queue", "backend", "notify")) {
            histograms.put("stage." + stage, histogram(random, 16e9 / iops));
        }
        return new RunResult(
                RunResult.SCHEMA_VERSION,
                "fixture",
                String.join("-", cell.values()),
                repetition,
                order,
                100 + repetition,
                RunStatus.OK,
                "",
                cell,
                options(cell),
                metrics,
                histograms,
                List.of(new Series("iops", "1/s", INTERVAL_NS, series(random, iops))),
                Map.of("vcpu0", 900_000_000L),
                List.of(
                        new SanityCheck("littles-law", true, "depth 64, IOPS x mean latency 63.8"),
                        new SanityCheck("errors", true, "0 errors")),
                List.of(),
                Steadiness.UNKNOWN,
                List.of(),
                "ringside run fixture --cell " + String.join("-", cell.values()),
                new Provenance(
                        new LinkedHashMap<>(Map.of("kernel", "6.0-fixture")),
                        Map.of("version", "25"),
                        "0123456789abcdef",
                        "0-fixture",
                        List.of("-Xmx1g", "-XX:+UseSerialGC"),
                        "2026-01-01T00:00:%02dZ".formatted(order % 60)));
    }

    private static Map<String, String> options(Map<String, String> cell) {
        Map<String, String> options = new LinkedHashMap<>(Map.of("rw", "randread", "iodepth", "32", "cache", "none"));
        options.put("bs", "4k");
        options.put("disks", "2");
        options.putAll(cell);
        return options;
    }

    private static double level(Map<String, String> cell) {
        double disks = Double.parseDouble(cell.getOrDefault("disks", "2"));
        double size = Arrays.asList("512", "1k", "2k", "4k", "8k", "16k", "32k", "64k")
                .indexOf(cell.getOrDefault("bs", "4k"));
        double base = switch (cell.getOrDefault("threading", "")) {
            case "big-lock" -> 104_000;
            case "main-loop" -> 118_000;
            case "data-plane-1.4" -> 95_000 * Math.sqrt(disks);
            case "iothread-vq-mapping" -> 121_000 * Math.sqrt(disks);
            default -> 104_000 * Math.sqrt(disks);
        };
        double driver = cell.getOrDefault("driver", "raw").equals("null") ? 6.5 : 1;
        return base * driver * Math.pow(0.83, Math.max(0, size - 3));
    }

    private static List<Double> series(Random random, double iops) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            values.add(iops * (1 + 0.04 * random.nextGaussian()));
        }
        return values;
    }

    private HistogramData histogram(Random random, double meanNs) {
        Histogram histogram = new Histogram(1, 60_000_000_000L, 3);
        for (int i = 0; i < samples; i++) {
            histogram.recordValue((long) (meanNs * Math.exp(0.45 * random.nextGaussian())));
        }
        Map<String, Long> percentiles = new LinkedHashMap<>();
        for (double p : new double[] {50, 99, 99.9}) {
            percentiles.put(String.valueOf(p), histogram.getValueAtPercentile(p));
        }
        return new HistogramData(
                "ns",
                histogram.getTotalCount(),
                histogram.getMinValue(),
                histogram.getMaxValue(),
                histogram.getMean(),
                histogram.getStdDeviation(),
                percentiles,
                encode(histogram));
    }

    /** As the harness writes it. */
    public static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    /** The same result with another status. */
    public static RunResult with(RunResult run, RunStatus status, String reason) {
        return new RunResult(
                run.schemaVersion(),
                run.suite(),
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                status,
                reason,
                run.axes(),
                run.options(),
                run.metrics(),
                run.histograms(),
                run.series(),
                run.threadCpuNs(),
                run.checks(),
                run.jobs(),
                run.steadiness(),
                run.events(),
                run.command(),
                run.provenance());
    }
}
