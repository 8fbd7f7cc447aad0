package ringside.harness.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import ringside.harness.HarnessException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What fio measured, from its {@code json+} form.
 *
 * @param version fio's own
 * @param directions those that moved data: read, write, trim
 * @param errors failed requests
 * @param runtimeNs the longest job's measured time
 * @param cpuNs CPU time of its jobs' threads; the kernel's io_uring workers are not in it
 * @param contextSwitches of its jobs' threads
 */
public record FioOutput(
        String version, List<Direction> directions, long errors, long runtimeNs, double cpuNs, long contextSwitches) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long MAX_NS = 3_600_000_000_000L;
    private static final long MS_NS = 1_000_000;

    /**
     * One direction, summed over jobs.
     *
     * @param name {@code read}, {@code write} or {@code trim}
     * @param ios requests
     * @param bytes bytes
     * @param latency {@code slat}, {@code clat} and {@code lat}; fio's bins are at most 0.8 % wide
     */
    public record Direction(String name, long ios, long bytes, Map<String, Histogram> latency) {}

    /**
     * Reads a result.
     *
     * @throws HarnessException when it is none
     */
    public static FioOutput parse(String text) {
        try {
            // Warnings may stand before the object.
            int begin = Math.max(0, text.indexOf("{\n"));
            return read(MAPPER.readTree(text.substring(begin)));
        } catch (JacksonException e) {
            throw HarnessException.environment(
                    "fio's result cannot be read: " + HarnessException.oneLine(e.getOriginalMessage()), e);
        }
    }

    private static FioOutput read(JsonNode root) {
        if (!root.path("jobs").isArray()) {
            throw HarnessException.environment("fio's result cannot be read: it names no jobs");
        }
        Map<String, Direction> directions = new LinkedHashMap<>();
        long errors = 0;
        long runtimeNs = 0;
        long switches = 0;
        double cpuNs = 0;
        for (JsonNode job : root.path("jobs")) {
            errors += job.path("total_err").asLong(0) + (job.path("error").asLong(0) == 0 ? 0 : 1);
            switches += job.path("ctx").asLong(0);
            double percent =
                    job.path("usr_cpu").asDouble(0) + job.path("sys_cpu").asDouble(0);
            cpuNs += percent / 100 * job.path("job_runtime").asDouble(0) * MS_NS;
            for (String name : List.of("read", "write", "trim")) {
                JsonNode part = job.path(name);
                if (part.path("total_ios").asLong(0) > 0) {
                    directions.merge(name, direction(name, part), FioOutput::add);
                    runtimeNs = Math.max(runtimeNs, part.path("runtime").asLong(0) * MS_NS);
                }
            }
        }
        return new FioOutput(
                root.path("fio version").asString(""),
                List.copyOf(new ArrayList<>(directions.values())),
                errors,
                runtimeNs,
                cpuNs,
                switches);
    }

    private static Direction direction(String name, JsonNode part) {
        Map<String, Histogram> latency = new LinkedHashMap<>();
        for (String kind : List.of("slat", "clat", "lat")) {
            latency.put(kind, histogram(part.path(kind + "_ns").path("bins")));
        }
        return new Direction(
                name, part.path("total_ios").asLong(0), part.path("io_bytes").asLong(0), latency);
    }

    private static Histogram histogram(JsonNode bins) {
        Histogram histogram = new Histogram(1, MAX_NS, 3);
        for (Map.Entry<String, JsonNode> bin : bins.properties()) {
            long ns = Math.clamp(Long.parseLong(bin.getKey()), 0, MAX_NS);
            histogram.recordValueWithCount(ns, bin.getValue().asLong(0));
        }
        return histogram;
    }

    private static Direction add(Direction one, Direction other) {
        other.latency.forEach((kind, histogram) -> one.latency.get(kind).add(histogram));
        return new Direction(one.name, one.ios + other.ios, one.bytes + other.bytes, one.latency);
    }

    /** Requests of all directions. */
    public long ios() {
        return directions.stream().mapToLong(Direction::ios).sum();
    }

    /** Bytes of all directions. */
    public long bytes() {
        return directions.stream().mapToLong(Direction::bytes).sum();
    }

    /** {@code slat}, {@code clat} or {@code lat} of all directions. */
    public Histogram latency(String kind) {
        Histogram sum = new Histogram(1, MAX_NS, 3);
        directions.forEach(direction -> sum.add(direction.latency.get(kind)));
        return sum;
    }
}
