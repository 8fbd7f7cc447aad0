package ringside.harness.micro;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.results.Metric;

/**
 * One benchmark with one set of parameters, as JMH reports it.
 *
 * @param name class and method without their package
 * @param mode {@code thrpt}, {@code avgt}, {@code sample} or {@code ss}
 * @param threads threads that ran it
 * @param params parameters by name
 * @param options how it was run: iterations, times, batch sizes
 * @param jvm facts about its JVM
 * @param jvmArguments of its JVM
 * @param iterationNs length of an iteration, 0 where it is not by time
 * @param forks what each fork measured
 */
record JmhBenchmark(
        String name,
        String mode,
        int threads,
        Map<String, String> params,
        Map<String, String> options,
        Map<String, String> jvm,
        List<String> jvmArguments,
        long iterationNs,
        List<Fork> forks) {
    /**
     * One fork.
     *
     * @param score per iteration
     * @param metrics by name; {@code score} is the mean over the iterations, as JMH has it
     */
    record Fork(List<Double> score, Map<String, Metric> metrics) {}

    /** Name of the primary metric. */
    static final String SCORE = "score";

    /** Axes that lead to it; the name comes first. */
    Map<String, String> axes() {
        Map<String, String> axes = new LinkedHashMap<>();
        axes.put("benchmark", name);
        axes.put("mode", mode);
        if (threads != 1) {
            axes.put("threads", Integer.toString(threads));
        }
        axes.putAll(params);
        return axes;
    }

    /** Id of its cell, safe as a file name: the same whatever else was run. */
    String cell() {
        StringBuilder id = new StringBuilder(name).append('_').append(mode);
        if (threads != 1) {
            id.append("_threads").append(threads);
        }
        params.forEach(
                (param, value) -> id.append('_').append(param).append('=').append(value));
        return id.toString().replaceAll("[^A-Za-z0-9._=-]", "-");
    }

    /** What is better, by the unit of a metric. */
    static Metric.Better better(String unit) {
        if (unit.startsWith("ops/")) {
            return Metric.Better.HIGHER;
        }
        return unit.endsWith("/op") ? Metric.Better.LOWER : Metric.Better.NEITHER;
    }
}
