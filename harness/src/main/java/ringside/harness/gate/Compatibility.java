package ringside.harness.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What differs between baseline and results besides what was measured. The revision may: it is what is judged. */
final class Compatibility {
    private static final Set<String> CPU = Set.of("architecture", "cores", "cpu", "governor", "hypervisor");
    private static final Set<String> KERNEL = Set.of("clocksource", "kernel", "mitigations", "transparent_hugepage");
    private static final String NONE = "(none)";

    private final Map<String, Difference> found = new LinkedHashMap<>();

    private Compatibility() {}

    /** All differences; options of the cells that both have, the first cell with a difference for each option. */
    static List<Difference> between(Baseline was, Baseline is) {
        Compatibility check = new Compatibility();
        check.put(Difference.Kind.SUITE, "suite", was.suite(), is.suite());
        check.host(was.host(), is.host());
        check.all(Difference.Kind.JVM, was.jvm(), is.jvm());
        check.put(Difference.Kind.JVM, "flags", String.join(" ", was.jvmFlags()), String.join(" ", is.jvmFlags()));
        for (Baseline.Cell cell : is.cells()) {
            was.cell(cell.cell())
                    .ifPresent(old -> check.all(Difference.Kind.OPTIONS, was.options(old), is.options(cell)));
        }
        return new ArrayList<>(check.found.values());
    }

    private void host(Map<String, String> was, Map<String, String> is) {
        for (String name : names(was, is)) {
            Difference.Kind kind = CPU.contains(name)
                    ? Difference.Kind.CPU
                    : KERNEL.contains(name) ? Difference.Kind.KERNEL : Difference.Kind.HOST;
            put(kind, name, was.get(name), is.get(name));
        }
    }

    private void all(Difference.Kind kind, Map<String, String> was, Map<String, String> is) {
        names(was, is).forEach(name -> put(kind, name, was.get(name), is.get(name)));
    }

    private static Set<String> names(Map<String, String> was, Map<String, String> is) {
        Set<String> names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        return names;
    }

    private void put(Difference.Kind kind, String name, String was, String is) {
        String before = was == null ? NONE : was;
        String after = is == null ? NONE : is;
        if (!before.equals(after)) {
            found.putIfAbsent(kind + name, new Difference(kind, name, before, after));
        }
    }
}
