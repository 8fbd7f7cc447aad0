package ringside.workloads.job;

import java.util.Locale;

/** How the moments at which requests are due follow one another (fio: rate_process). */
public enum RateProcess {
    /** Evenly. */
    LINEAR,
    /** With independent, exponentially distributed distances, as many independent users make them. */
    POISSON;

    /** The name that fio has for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The process of this name. */
    static RateProcess of(String label) {
        for (RateProcess process : values()) {
            if (process.label().equals(label)) {
                return process;
            }
        }
        throw new IllegalArgumentException("unknown rate_process '" + label + "': use linear or poisson");
    }
}
