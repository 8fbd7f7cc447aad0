package ringside.harness.observe;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The JVM this code runs in. */
public final class JvmFacts {
    private JvmFacts() {}

    /** Facts by name. */
    public static Map<String, String> collect() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("vendor", System.getProperty("java.vendor"));
        facts.put("version", Runtime.version().toString());
        facts.put("vm", System.getProperty("java.vm.name"));
        facts.put("collector", collectors());
        facts.put("heap_max_bytes", Long.toString(Runtime.getRuntime().maxMemory()));
        return facts;
    }

    /** The flags it was started with, in order. */
    public static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    private static String collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", "));
    }
}
