package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.emulator.block.CacheMode;
import ringside.harness.suite.BlockdevTemplate;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;

/**
 * The block node of a cell as an option {@code --blockdev}: what a machine opens here and what a server of this build is
 * given, so that both get the same. A cell's own template goes before what its other disk options say.
 */
final class NodeText {
    private static final String AUTO = "auto";
    private static final String FILE = "file";

    /** A log-normal latency with such a tail is that of a disk with a short queue. */
    private static final long P99_OF_AVERAGE = 4;

    /** Options that a node takes under their own name, where they are set. */
    private static final List<Option> CACHES =
            List.of(Option.L2_CACHE_SIZE, Option.L2_CACHE_ENTRY_SIZE, Option.REFCOUNT_CACHE_SIZE);

    private final Map<String, String> options;
    private final String image;
    private final boolean writable;

    private NodeText(Map<String, String> options, String image, boolean writable) {
        this.options = options;
        this.image = image;
        this.writable = writable;
    }

    /**
     * The text of one disk.
     *
     * @param image path of its image; empty where it has none
     * @param writable whether it is opened for writing
     */
    static String of(Map<String, String> options, String image, boolean writable) {
        NodeText text = new NodeText(options, image, writable);
        String template = text.value(Option.BLOCKDEV);
        return template.isEmpty()
                ? join(text.throttled(text.delayed(text.format())))
                : BlockdevTemplate.expand(template, text.values());
    }

    /** Whether this cell's node is more than a raw image or a disk without storage. */
    static boolean isGraph(Map<String, String> options) {
        NodeText text = new NodeText(options, "", false);
        return !text.value(Option.BLOCKDEV).isEmpty()
                || text.value(Option.DRIVER).equals("qcow2")
                || text.delays()
                || text.throttles();
    }

    private Map<String, String> format() {
        return switch (value(Option.DRIVER)) {
            case "null" -> nul();
            case "raw" -> raw();
            default -> qcow2();
        };
    }

    private Map<String, String> nul() {
        Map<String, String> node = new LinkedHashMap<>();
        node.put("driver", "null");
        node.put("size", Long.toString(Units.bytes(value(Option.DISK_SIZE))));
        node.put("latency-ns", Long.toString(Units.nanoseconds(value(Option.LATENCY_NS))));
        node.put("read-zeroes", value(Option.READ_ZEROES));
        return node;
    }

    private Map<String, String> raw() {
        Map<String, String> node = storage("raw", FILE);
        node.put("discard", value(Option.DISCARD));
        return node;
    }

    private Map<String, String> storage(String driver, String pathKey) {
        Map<String, String> node = new LinkedHashMap<>();
        node.put("driver", driver);
        node.put(pathKey, image);
        node.put("cache", value(Option.CACHE));
        node.put("aio", value(Option.AIO));
        node.put("aio-fallback", value(Option.AIO_FALLBACK));
        node.put("read-only", writable ? "off" : "on");
        return node;
    }

    /** A format needs its file to take what it frees, whatever the guest may discard. */
    private Map<String, String> qcow2() {
        Map<String, String> node = new LinkedHashMap<>();
        node.put("driver", "qcow2");
        node.put("read-only", writable ? "off" : "on");
        node.put("discard", value(Option.DISCARD));
        for (Option cache : CACHES) {
            if (!value(cache).equals(AUTO)) {
                node.put(cache.label(), Long.toString(Units.bytes(value(cache))));
            }
        }
        node.put(Option.LOCKING.label(), value(Option.LOCKING));
        node.put(Option.CONTINUATION.label(), value(Option.CONTINUATION));
        Map<String, String> file = storage("file", "filename");
        file.put("discard", "unmap");
        return under(node, file);
    }

    private Map<String, String> delayed(Map<String, String> node) {
        if (!delays()) {
            return node;
        }
        long averageNs = Units.nanoseconds(value(Option.DELAY_AVERAGE));
        Map<String, String> filter = new LinkedHashMap<>();
        filter.put("driver", "delay");
        filter.put("average", Long.toString(averageNs));
        filter.put("p99", Long.toString(p99Ns(averageNs)));
        return under(filter, node);
    }

    private long p99Ns(long averageNs) {
        String p99 = value(Option.DELAY_P99);
        return p99.equals(AUTO) ? P99_OF_AVERAGE * averageNs : Units.nanoseconds(p99);
    }

    private Map<String, String> throttled(Map<String, String> node) {
        if (!throttles()) {
            return node;
        }
        Map<String, String> filter = new LinkedHashMap<>();
        filter.put("driver", "throttle");
        limit(filter, Option.IOPS_TOTAL);
        limit(filter, Option.IOPS_TOTAL_MAX);
        limit(filter, Option.BPS_TOTAL);
        limit(filter, Option.BPS_TOTAL_MAX);
        return under(filter, node);
    }

    private void limit(Map<String, String> filter, Option option) {
        long limit = Units.bytes(value(option));
        if (limit > 0) {
            filter.put("limits." + option.label(), Long.toString(limit));
        }
    }

    private boolean delays() {
        return Units.nanoseconds(value(Option.DELAY_AVERAGE)) > 0;
    }

    private boolean throttles() {
        return Units.bytes(value(Option.IOPS_TOTAL)) > 0 || Units.bytes(value(Option.BPS_TOTAL)) > 0;
    }

    private static Map<String, String> under(Map<String, String> parent, Map<String, String> child) {
        child.forEach((key, value) -> parent.put(FILE + "." + key, value));
        return parent;
    }

    private static String join(Map<String, String> node) {
        return node.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().replace(",", ",,"))
                .collect(Collectors.joining(","));
    }

    private Map<String, String> values() {
        CacheMode cache = CacheMode.of(value(Option.CACHE));
        Map<String, String> values = new LinkedHashMap<>();
        for (Option option : List.of(
                Option.CACHE,
                Option.AIO,
                Option.AIO_FALLBACK,
                Option.DISCARD,
                Option.READ_ZEROES,
                Option.LOCKING,
                Option.CONTINUATION)) {
            values.put(option.label(), value(option));
        }
        values.put("image", image);
        values.put("size", Long.toString(Units.bytes(value(Option.DISK_SIZE))));
        values.put("latency-ns", Long.toString(Units.nanoseconds(value(Option.LATENCY_NS))));
        values.put("direct", onOff(cache.direct()));
        values.put("no-flush", onOff(cache.noFlush()));
        values.put("read-only", onOff(!writable));
        values.put("writable", onOff(writable));
        return values;
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    private String value(Option option) {
        return options.getOrDefault(option.label(), option.defaultValue());
    }
}
