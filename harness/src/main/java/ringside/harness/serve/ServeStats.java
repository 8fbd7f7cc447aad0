package ringside.harness.serve;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportSnapshot;
import ringside.emulator.trace.CounterId;
import ringside.harness.observe.JvmFacts;

/** What a running export has done and what it costs, as one object for a JSON file. Any thread. */
final class ServeStats {
    /** Grows when a key changes its meaning; new keys do not change it. */
    static final int SCHEMA_VERSION = 1;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final ServeOptions options;
    private final Export export;
    private final PauseMeter pauses = new PauseMeter();
    private final long startNs = System.nanoTime();

    ServeStats(ServeOptions options, Export export) {
        this.options = options;
        this.export = export;
    }

    /** Everything now, in the order of the documentation. */
    Map<String, Object> now() {
        Map<String, Object> all = new LinkedHashMap<>();
        ExportSnapshot snapshot = export.snapshot();
        all.put("schema_version", SCHEMA_VERSION);
        all.put("pid", ProcessHandle.current().pid());
        all.put("socket", options.export().socket().toString());
        all.put("blockdev", export.node().description());
        all.put("size_bytes", export.node().lengthBytes());
        all.put("queues", options.export().queues());
        all.put("iothreads", options.export().iothreads());
        all.put("uptime_s", (System.nanoTime() - startNs) / 1e9);
        all.put("connections", snapshot.connections());
        all.put("connected", snapshot.connected());
        if (options.export().trace().counts()) {
            all.put("requests", snapshot.total(CounterId.REQUESTS));
            all.put("requests_failed", snapshot.total(CounterId.REQUESTS_FAILED));
            all.put("requests_invalid", snapshot.total(CounterId.REQUESTS_INVALID));
        }
        addProcess(all);
        if (options.export().trace().counts()) {
            all.put("counters", byLabel(snapshot));
        }
        return all;
    }

    private void addProcess(Map<String, Object> all) {
        ProcessUse use = ProcessUse.ofThis();
        all.put("cpu_time_s", SYSTEM.getProcessCpuTime() / 1e9);
        all.put("gc", pauses.names());
        all.put("gc_count", pauses.collections());
        all.put("gc_time_ms", pauses.totalMs());
        all.put("max_pause_ms", pauses.longestMs());
        all.put("rss_kib", use.rssKib());
        all.put("rss_anon_kib", use.rssAnonKib());
        all.put("threads", use.threads());
        all.put("fds", use.fds());
        all.put("jvm_flags", JvmFacts.flags());
    }

    private static Map<String, Map<String, Long>> byLabel(ExportSnapshot snapshot) {
        Map<String, Map<String, Long>> owners = new TreeMap<>();
        snapshot.counters().forEach((owner, values) -> {
            Map<String, Long> labels = new LinkedHashMap<>();
            values.forEach((id, value) -> labels.put(id.label(), value));
            owners.put(owner, labels);
        });
        return owners;
    }

    /** One line at the end. */
    static String summary(Map<String, Object> last) {
        String requests = last.containsKey("requests")
                ? last.get("requests") + " requests (" + last.get("requests_failed") + " failed, "
                        + last.get("requests_invalid") + " invalid) over "
                : "";
        return String.format(
                Locale.ROOT,
                "stopped after %.1f s: %s%s connections; %s collections, longest pause %s ms",
                (double) last.get("uptime_s"),
                requests,
                last.get("connections"),
                last.get("gc_count"),
                last.get("max_pause_ms"));
    }
}
