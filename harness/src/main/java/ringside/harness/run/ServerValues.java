package ringside.harness.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.emulator.block.CacheMode;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;

/** Values of a server template's placeholders, from a cell's options. */
final class ServerValues {
    /** Options that stand in a template under their own name. */
    private static final List<Option> BY_NAME = List.of(
            Option.QUEUES,
            Option.QUEUE_SIZE,
            Option.IN_ORDER,
            Option.IOTHREADS,
            Option.POLL_GROW,
            Option.POLL_SHRINK,
            Option.CACHE,
            Option.AIO,
            Option.AIO_FALLBACK,
            Option.DISCARD,
            Option.READ_ZEROES);

    private ServerValues() {}

    /**
     * All values but those that are made at the start.
     *
     * @param images the image is the first one
     * @param writes whether the job writes
     */
    static Map<String, String> of(Map<String, String> options, List<String> images, boolean writes) {
        Map<String, String> values = new HashMap<>();
        BY_NAME.forEach(option -> values.put(option.label(), options.get(option.label())));
        values.put("image", images.isEmpty() ? "" : images.getFirst());
        values.put("blockdev", NodeText.of(options, values.get("image"), writes));
        values.put("size", Long.toString(Units.bytes(options.get(Option.DISK_SIZE.label()))));
        values.put("poll-max-ns", nanoseconds(options, Option.POLL_MAX_NS));
        values.put("latency-ns", nanoseconds(options, Option.LATENCY_NS));
        CacheMode cache = CacheMode.of(options.get(Option.CACHE.label()));
        values.put("direct", onOff(cache.direct()));
        values.put("no-flush", onOff(cache.noFlush()));
        values.put("read-only", onOff(!writes));
        values.put("writable", onOff(writes));
        values.put("trace", options.get(Option.TRACE.label()).equals("off") ? "off" : "counters");
        return values;
    }

    private static String nanoseconds(Map<String, String> options, Option option) {
        return Long.toString(Units.nanoseconds(options.get(option.label())));
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }
}
