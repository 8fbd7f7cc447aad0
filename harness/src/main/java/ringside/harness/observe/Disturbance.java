package ringside.harness.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.Metric;

/**
 * The rule by which a run counts as disturbed by the host. A load that keeps all CPUs busy makes its own threads wait, so
 * waiting alone says nothing: somebody else must have used the CPUs meanwhile.
 */
public final class Disturbance {
    /** Share of the host's CPU time that its own host may give to others. */
    static final double STOLEN = 0.02;

    /** Share of the host's CPU time that other processes may use while tasks wait for a CPU. */
    static final double OTHERS = 0.05;

    /** Share of the time in which a task may wait for a CPU (PSI cpu, some). */
    static final double WAITING = 0.05;

    /** Share of the time in which a task may wait for memory (PSI memory, some). */
    static final double MEMORY = 0.05;

    private Disturbance() {}

    /**
     * Judges a run.
     *
     * @param metrics those of the run: {@code host_other_cpus}, {@code host_stolen_cpus}, {@code psi_cpu}, {@code
     *     psi_memory}, {@code host_runnable}; what is missing does not disturb
     * @param cpus CPUs of the host
     * @return why it is disturbed, in one line; empty when it is not
     */
    public static Optional<String> of(Map<String, Metric> metrics, int cpus) {
        List<String> reasons = new ArrayList<>();
        double stolen = value(metrics, "host_stolen_cpus") / cpus;
        if (stolen > STOLEN) {
            reasons.add(text("the hypervisor took %s of the CPU time away (limit %s)", stolen, STOLEN));
        }
        double others = value(metrics, "host_other_cpus") / cpus;
        if (others > OTHERS && waited(metrics, cpus)) {
            reasons.add(text("other processes used %s of the CPU time (limit %s)", others, OTHERS) + waiting(metrics));
        }
        double memory = value(metrics, "psi_memory");
        if (memory > MEMORY) {
            reasons.add(text("tasks waited for memory %s of the time (limit %s)", memory, MEMORY));
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    /** Where the kernel does not count pressure, more runnable tasks than CPUs say the same more coarsely. */
    private static boolean waited(Map<String, Metric> metrics, int cpus) {
        return metrics.containsKey("psi_cpu")
                ? value(metrics, "psi_cpu") > WAITING
                : value(metrics, "host_runnable") > cpus;
    }

    private static String waiting(Map<String, Metric> metrics) {
        return metrics.containsKey("psi_cpu")
                ? String.format(
                        Locale.ROOT, " while tasks waited for a CPU %s of the time", percent(value(metrics, "psi_cpu")))
                : "";
    }

    private static double value(Map<String, Metric> metrics, String name) {
        Metric metric = metrics.get(name);
        return metric == null ? 0 : metric.value();
    }

    private static String text(String form, double share, double limit) {
        return String.format(Locale.ROOT, form, percent(share), percent(limit));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
