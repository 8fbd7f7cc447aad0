package ringside.harness.export;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import ringside.harness.HarnessException;
import ringside.harness.results.JobResult;
import ringside.harness.results.JobResult.DirectionResult;
import ringside.harness.results.Metric;
import ringside.harness.results.ResultJson;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * A run as fio 3.33 writes it with {@code --output-format=json} or {@code json+}. What we do not measure stays at fio's
 * value for nothing (docs/export.md lists it).
 */
final class FioJson {
    private static final int EIO = 5;
    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_US = 1_000;
    private static final double NS_PER_S = 1e9;
    private static final double HUNDRED = 100;
    private static final long KIB = 1024;
    private static final List<String> DIRECTIONS = List.of("read", "write", "trim");

    private final RunResult run;
    private final boolean plus;

    private FioJson(RunResult run, boolean plus) {
        this.run = run;
        this.plus = plus;
    }

    /** The document. */
    static String text(RunResult run, boolean plus) {
        return ResultJson.write(new FioJson(run, plus).document());
    }

    private Map<String, Object> document() {
        if (run.jobs().isEmpty() && run.status() != RunStatus.FAILED) {
            throw HarnessException.badInput(run.cell() + " r" + run.repetition()
                    + " was made by a Ringside that did not keep what each job did: export it as csv, hdr or jmh");
        }
        Map<String, Object> root = new LinkedHashMap<>();
        OffsetDateTime start = startedAt();
        // Tools ask for this key and for its form.
        root.put("fio version", "fio-3.33-ringside-" + run.provenance().ringsideVersion());
        root.put("timestamp", start.toEpochSecond());
        root.put("timestamp_ms", start.toInstant().toEpochMilli());
        root.put("time", start.format(DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT)));
        root.put("global options", globalOptions());
        List<Object> jobs = new ArrayList<>();
        for (int i = 0; i < run.jobs().size(); i++) {
            jobs.add(job(run.jobs().get(i), i));
        }
        root.put("jobs", jobs);
        return root;
    }

    private OffsetDateTime startedAt() {
        try {
            return OffsetDateTime.parse(run.provenance().startedAt());
        } catch (DateTimeParseException e) {
            return OffsetDateTime.parse("1970-01-01T00:00:00Z");
        }
    }

    /** What fio has no option for is told under Ringside's names: a reader of fio's keys passes over it. */
    private Map<String, String> globalOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("ioengine", "ringside");
        run.axes().forEach((axis, value) -> options.put("ringside." + axis, value));
        options.put("ringside.command", run.command());
        options.put("ringside.revision", run.provenance().gitRevision());
        options.put("ringside.status", run.status().label());
        return options;
    }

    private Map<String, Object> job(JobResult job, int group) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("jobname", job.name());
        root.put("groupid", group);
        root.put("error", errno(job));
        root.put("eta", 0);
        root.put("elapsed", (job.elapsedNs() + (long) NS_PER_S - 1) / (long) NS_PER_S);
        Map<String, String> options = new TreeMap<>(job.options());
        options.replaceAll((_, value) -> fioTime(value));
        options.remove(JobResult.LATENCY_DEPTH); // found, not asked for
        options.putIfAbsent("name", job.name());
        root.put("job options", options);
        for (String name : DIRECTIONS) {
            DirectionResult direction = job.directions().get(name);
            root.put(name, direction == null ? idle() : direction(direction, job.elapsedNs()));
        }
        root.put("sync", sync(job.directions().get(JobResult.SYNC)));
        root.put("job_runtime", job.elapsedNs() / NS_PER_MS * job.clones());
        root.put("usr_cpu", cpuPercent());
        root.put("sys_cpu", 0.0);
        root.put("ctx", 0);
        root.put("majf", 0);
        root.put("minf", 0);
        FioShares.depths(root, Integer.parseInt(job.options().getOrDefault("iodepth", "1")));
        FioShares.latencies(root, latency(job));
        latencyTarget(root, job.options());
        return root;
    }

    /** In ns and us, as fio. */
    private static void latencyTarget(Map<String, Object> root, Map<String, String> options) {
        String depth = options.getOrDefault(JobResult.LATENCY_DEPTH, options.getOrDefault("iodepth", "1"));
        root.put("latency_depth", Integer.parseInt(depth));
        root.put("latency_target", micros(options, "latency_target") * NS_PER_US);
        root.put("latency_percentile", Double.parseDouble(options.getOrDefault("latency_percentile", "" + HUNDRED)));
        root.put("latency_window", micros(options, "latency_window"));
    }

    private static long micros(Map<String, String> options, String name) {
        return Long.parseLong(options.getOrDefault(name, "0").replaceAll("[^0-9]", ""));
    }

    /** fio knows no nanoseconds: seconds without a unit, as people write them, or microseconds. */
    private static String fioTime(String value) {
        if (!value.matches("[0-9]{1,18}ns")) {
            return value;
        }
        long ns = Long.parseLong(value.substring(0, value.length() - 2));
        return ns % (long) NS_PER_S == 0 ? Long.toString(ns / (long) NS_PER_S) : ns / NS_PER_US + "us";
    }

    private Map<String, Object> sync(DirectionResult syncs) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("total_ios", syncs == null ? 0 : syncs.ios());
        root.put("lat_ns", syncs == null ? moments(new Histogram(1)) : binned(Latencies.decode(syncs.lat(), "sync")));
        return root;
    }

    /** Results from before errnos were kept say EIO. */
    private static int errno(JobResult job) {
        return job.errno() == 0 && job.errors() > 0 ? EIO : job.errno();
    }

    private Histogram latency(JobResult job) {
        Histogram sum = new Histogram(3);
        job.data().values().forEach(direction -> sum.add(Latencies.of(run, direction, "lat")));
        return sum;
    }

    /** CPU time of the whole run per run time: we cannot split it by job, nor the kernel's share from ours. */
    private double cpuPercent() {
        Metric seconds = run.metrics().get("cpu_seconds");
        Metric runtime = run.metrics().get("runtime");
        return seconds == null || runtime == null || runtime.value() == 0
                ? 0
                : HUNDRED * seconds.value() * NS_PER_S / runtime.value();
    }

    private Map<String, Object> direction(DirectionResult part, long elapsedNs) {
        double seconds = elapsedNs / NS_PER_S;
        Map<String, Object> root = new LinkedHashMap<>();
        long bytesPerSecond = seconds == 0 ? 0 : Math.round(part.bytes() / seconds);
        root.put("io_bytes", part.bytes());
        root.put("io_kbytes", part.bytes() / KIB);
        root.put("bw_bytes", bytesPerSecond);
        root.put("bw", bytesPerSecond / KIB);
        root.put("iops", seconds == 0 ? 0.0 : part.ios() / seconds);
        root.put("runtime", elapsedNs / NS_PER_MS);
        root.put("total_ios", part.ios());
        root.put("short_ios", 0);
        root.put("drop_ios", 0);
        root.put("slat_ns", binned(Latencies.of(run, part, "slat")));
        root.put("clat_ns", distribution(Latencies.of(run, part, "clat")));
        root.put("lat_ns", binned(Latencies.of(run, part, "lat")));
        FioSamples.put(root, run);
        return root;
    }

    private static Map<String, Object> idle() {
        Map<String, Object> root = new LinkedHashMap<>();
        for (String name : List.of("io_bytes", "io_kbytes", "bw_bytes", "bw")) {
            root.put(name, 0);
        }
        root.put("iops", 0.0);
        for (String name : List.of("runtime", "total_ios", "short_ios", "drop_ios")) {
            root.put(name, 0);
        }
        for (String name : List.of("slat_ns", "clat_ns", "lat_ns")) {
            root.put(name, moments(new Histogram(1)));
        }
        FioSamples.none(root);
        return root;
    }

    private Map<String, Object> distribution(Histogram histogram) {
        Map<String, Object> root = moments(histogram);
        if (histogram.getTotalCount() > 0) {
            root.put("percentile", FioShares.percentiles(histogram));
            if (plus) {
                root.put("bins", FioShares.bins(histogram));
            }
        }
        return root;
    }

    /** As fio writes it with slat_percentiles and lat_percentiles: bins in the longer form only. */
    private Map<String, Object> binned(Histogram histogram) {
        return plus ? distribution(histogram) : moments(histogram);
    }

    private static Map<String, Object> moments(Histogram histogram) {
        long count = histogram.getTotalCount();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("min", count == 0 ? 0 : histogram.getMinValue());
        root.put("max", histogram.getMaxValue());
        root.put("mean", count == 0 ? 0.0 : histogram.getMean());
        root.put("stddev", count == 0 ? 0.0 : histogram.getStdDeviation());
        root.put("N", count);
        return root;
    }
}
