package ringside.reports.model;

/** Values and names of metrics as people read them. */
public final class MetricText {
    private MetricText() {}

    /** A value in its unit: durations in the unit that fits, rates with a prefix. */
    public static String value(double value, String unit) {
        if (!Double.isFinite(value)) {
            return "—";
        }
        return switch (unit) {
            case "ns" -> Numbers.duration(value);
            case "1/s" -> Numbers.si(value) + "/s";
            case "bytes/s" -> {
                String si = Numbers.si(value);
                yield si.contains(" ") ? si + "B/s" : si + " B/s";
            }
            case "ratio" -> Numbers.percent(value);
            case "1" -> Numbers.si(value);
            default -> Numbers.si(value) + " " + unit;
        };
    }

    /** A metric's name in words, for example {@code p99 latency} for {@code lat_p99}. */
    public static String name(String metric) {
        return switch (metric) {
            case "iops" -> "IOPS";
            case "iops_per_cpu_second" -> "IOPS per CPU second";
            case "lock_wait_share" -> "waiting for the big lock";
            default -> metric.startsWith("lat_p") ? "p" + metric.substring(5).replace('_', '.') + " latency" : metric;
        };
    }
}
