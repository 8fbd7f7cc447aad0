package ringside.harness.suite;

import java.util.List;
import java.util.function.Consumer;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.CacheMode;
import ringside.emulator.machine.ThreadingPreset;
import ringside.emulator.trace.TraceMode;
import ringside.harness.observe.ObserveMode;

/** What an option's value may be. */
enum OptionKind {
    THREADING(ThreadingPreset::of),
    CACHE(CacheMode::of),
    AIO(AioKind::of),
    TRACE(TraceMode::of),
    OBSERVE(ObserveMode::of),
    DRIVER(value -> oneOf(value, "driver", List.of("null", "raw", "qcow2"))),
    TARGET(value -> oneOf(value, "target", List.of("machine", "vhost-user", "fio"))),
    TRANSPORT(value -> oneOf(value, "transport", List.of("mmio", "pci"))),
    VECTORS(value -> {
        if (!value.equals("auto")) {
            count(value, 0);
        }
    }),
    CPUS(OptionKind::cpus),
    SERVER_CPUS(value -> {
        if (!value.equals("client")) {
            cpus(value);
        }
    }),
    SWITCH(value -> oneOf(value, "switch", List.of("on", "off"))),
    RING(value -> oneOf(value, "ring format", List.of("split", "packed"))),
    DISCARD(value -> oneOf(value, "discard mode", List.of("ignore", "unmap"))),
    COMPLETION(value -> oneOf(value, "completion mode", List.of("interrupt", "poll"))),
    COUNT(value -> count(value, 0)),
    POSITIVE(value -> count(value, 1)),
    COUNT_OR_AUTO(value -> {
        if (!value.equals("auto")) {
            count(value, 1);
        }
    }),
    SIZE(Units::bytes),
    SIZE_OR_AUTO(value -> {
        if (!value.equals("auto")) {
            Units.bytes(value);
        }
    }),
    DURATION(Units::nanoseconds),
    DURATION_OR_AUTO(value -> {
        if (!value.equals("auto")) {
            Units.nanoseconds(value);
        }
    }),
    IMAGE_FORMAT(value -> oneOf(value, "image format", List.of("raw", "qcow2"))),
    IMAGE_FILL(value -> oneOf(value, "content of an image", List.of("data", "none"))),
    COMPAT(value -> oneOf(value, "compatibility level", List.of("1.1", "0.10"))),
    PREALLOCATION(value -> oneOf(value, "preallocation mode", List.of("off", "metadata", "falloc", "full"))),
    COMPRESSION(value -> oneOf(value, "compression", List.of("off", "zlib", "zstd"))),
    LOCKING(value -> oneOf(value, "locking", List.of("image", "sharded", "lock-free-reads"))),
    CONTINUATION(value -> oneOf(value, "continuation", List.of("callback", "virtual-thread"))),
    BLOCKDEV(BlockdevTemplate::check),
    VQ_MAPPING(VqMapping::parse),
    /** Free text. */
    TEXT(_ -> {}),
    /** A size in a job: the unit is checked here, so that an error names the suite's line. */
    JOB_SIZE(Units::bytes),
    /** Left to the job parser, which sees it before anything runs. */
    JOB(_ -> {});

    private final Consumer<String> check;

    OptionKind(Consumer<String> check) {
        this.check = check;
    }

    void check(String value) {
        check.accept(value);
    }

    private static void oneOf(String value, String what, List<String> known) {
        if (!known.contains(value)) {
            throw new IllegalArgumentException(
                    "unknown " + what + " '" + value + "': use " + String.join(" or ", known));
        }
    }

    /** As taskset reads it; which CPUs there are is checked on the host that runs. */
    private static void cpus(String value) {
        if (!value.equals("any") && !value.matches("\\d{1,4}(-\\d{1,4})?(,\\d{1,4}(-\\d{1,4})?)*")) {
            throw new IllegalArgumentException("'" + value
                    + "' is not a list of CPUs: use numbers and ranges such as 0,2-3, or any for no placement");
        }
    }

    private static void count(String value, int minimum) {
        try {
            if (Integer.parseInt(value) >= minimum) {
                return;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + value + "' is not a whole number of at least " + minimum, e);
        }
        throw new IllegalArgumentException("'" + value + "' is not a whole number of at least " + minimum);
    }
}
