package ringside.harness.observe;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What kind of host this is and how busy it is now. */
public final class HostFacts {
    private static final String UNKNOWN = "unknown";
    private static final Path VULNERABILITIES = Path.of("/sys/devices/system/cpu/vulnerabilities");

    private HostFacts() {}

    /** All facts by name; what the host does not tell is {@code unknown}. Reads some twenty small files. */
    public static Map<String, String> collect() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("kernel", ProcFiles.read("/proc/sys/kernel/osrelease").orElse(System.getProperty("os.version")));
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("cpu", cpuModel());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("governor", governor());
        facts.put("transparent_hugepage", choice("/sys/kernel/mm/transparent_hugepage/enabled"));
        facts.put("clocksource", read("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
        facts.put("mitigations", mitigations());
        facts.put("memory", ProcFiles.value("/proc/meminfo", "MemTotal").orElse(UNKNOWN));
        facts.put("hypervisor", hypervisor());
        facts.put("loadavg_before", read("/proc/loadavg"));
        facts.put("psi_cpu_before", pressure("cpu"));
        facts.put("psi_io_before", pressure("io"));
        return facts;
    }

    /** The frequency governor of the first core, or why there is none. */
    public static String governor() {
        return ProcFiles.read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
                .orElse("none (the host does not let us see or set the frequency)");
    }

    /** Name of the CPU. */
    public static String cpuModel() {
        return ProcFiles.value("/proc/cpuinfo", "model name").orElse(UNKNOWN);
    }

    /** CPUs of the host, also of those that this process may not use. */
    public static int cpus() {
        long cpus = ProcFiles.read("/proc/stat").stream()
                .flatMap(String::lines)
                .filter(line -> line.matches("cpu\\d+ .*"))
                .count();
        return cpus == 0 ? Runtime.getRuntime().availableProcessors() : (int) cpus;
    }

    /** CPUs that this process may use, as taskset prints them; empty where the host does not say. */
    public static String allowedCpus() {
        return ProcFiles.value("/proc/self/status", "Cpus_allowed_list").orElse("");
    }

    private static String hypervisor() {
        boolean virtual = ProcFiles.value("/proc/cpuinfo", "flags")
                .filter(flags -> (" " + flags + " ").contains(" hypervisor "))
                .isPresent();
        return virtual ? "yes (this host is itself a virtual machine)" : "none seen";
    }

    private static String pressure(String resource) {
        return ProcFiles.read("/proc/pressure/" + resource)
                .flatMap(text -> text.lines().findFirst())
                .orElse(UNKNOWN);
    }

    private static String mitigations() {
        Map<String, String> active = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(VULNERABILITIES)) {
            for (Path file : files) {
                String state = ProcFiles.read(file.toString()).orElse(UNKNOWN);
                if (!state.equals("Not affected")) {
                    active.put(file.getFileName().toString(), state);
                }
            }
        } catch (IOException e) {
            return UNKNOWN;
        }
        return active.isEmpty() ? "none needed" : active.toString();
    }

    private static String read(String path) {
        return ProcFiles.read(path).orElse(UNKNOWN);
    }

    private static String choice(String path) {
        return ProcFiles.choice(path).orElse(UNKNOWN);
    }
}
