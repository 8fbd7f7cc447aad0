package ringside.harness.gate;

import java.util.Locale;
import java.util.Set;

/**
 * One fact in which results and baseline differ besides what was measured.
 *
 * @param kind what sort of fact
 * @param name of the fact, for example {@code kernel} or {@code bs}
 * @param was in the baseline
 * @param is in the results
 */
public record Difference(Kind kind, String name, String was, String is) {
    /** Sorts of facts, by the names that {@code --allow} takes. */
    public enum Kind {
        /** The suite. */
        SUITE,
        /** Model, number and governor of the processors. */
        CPU,
        /** Kernel and its switches. */
        KERNEL,
        /** The rest of the host, such as its memory. */
        HOST,
        /** The JVM and its flags. */
        JVM,
        /** Effective options of a cell. */
        OPTIONS;

        /** As written on the command line. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Everything may differ. */
    public static final String ALL = "all";

    /** Whether a list of kinds and names permits it. */
    public boolean allowed(Set<String> allowed) {
        return allowed.contains(ALL) || allowed.contains(kind.label()) || allowed.contains(name);
    }

    /** For example {@code kernel: 6.1 in the baseline, 6.18 now}. */
    public String text() {
        String prefix = kind == Kind.OPTIONS ? "option " : kind == Kind.JVM ? "jvm " : "";
        return prefix + name + ": " + was + " in the baseline, " + is + " now";
    }
}
