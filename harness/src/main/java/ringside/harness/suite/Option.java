package ringside.harness.suite;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every option that a suite can set or sweep, with its default. Names of machine and disk options are QEMU's where it
 * has one, those of job options fio's.
 */
public enum Option {
    THREADING(Section.MACHINE, "threading", "big-lock", OptionKind.THREADING),
    IOTHREADS(Section.MACHINE, "iothreads", "1", OptionKind.COUNT),
    POLL_MAX_NS(Section.MACHINE, "poll-max-ns", "32768", OptionKind.DURATION),
    POLL_GROW(Section.MACHINE, "poll-grow", "0", OptionKind.COUNT),
    POLL_SHRINK(Section.MACHINE, "poll-shrink", "0", OptionKind.COUNT),
    VQ_MAPPING(Section.MACHINE, "vq-mapping", "round-robin", OptionKind.VQ_MAPPING),
    TRANSPORT(Section.MACHINE, "transport", "mmio", OptionKind.TRANSPORT),
    VECTORS(Section.MACHINE, "vectors", "auto", OptionKind.VECTORS),
    NOTIFICATION_DATA(Section.MACHINE, "notification-data", "off", OptionKind.SWITCH),
    DISKS(Section.MACHINE, "disks", "1", OptionKind.POSITIVE),
    QUEUES(Section.MACHINE, "queues", "1", OptionKind.POSITIVE),
    QUEUE_SIZE(Section.MACHINE, "queue-size", "256", OptionKind.POSITIVE),
    RING(Section.MACHINE, "ring", "split", OptionKind.RING),
    IN_ORDER(Section.MACHINE, "in-order", "off", OptionKind.SWITCH),
    INDIRECT(Section.MACHINE, "indirect", "on", OptionKind.SWITCH),
    EVENT_IDX(Section.MACHINE, "event-idx", "on", OptionKind.SWITCH),
    CONFIG_WCE(Section.MACHINE, "config-wce", "on", OptionKind.SWITCH),
    LOGICAL_BLOCK_SIZE(Section.MACHINE, "logical-block-size", "512", OptionKind.SIZE),
    PHYSICAL_BLOCK_SIZE(Section.MACHINE, "physical-block-size", "auto", OptionKind.SIZE_OR_AUTO),
    SIZE_MAX(Section.MACHINE, "size-max", "auto", OptionKind.SIZE_OR_AUTO),
    SEG_MAX(Section.MACHINE, "seg-max", "auto", OptionKind.COUNT_OR_AUTO),
    VCPUS(Section.MACHINE, "vcpus", "auto", OptionKind.COUNT_OR_AUTO),
    HALT_POLL_NS(Section.MACHINE, "halt-poll-ns", "200000", OptionKind.DURATION),
    JOB_PER_QUEUE(Section.MACHINE, "job-per-queue", "off", OptionKind.SWITCH),
    COMPLETION(Section.MACHINE, "completion", "interrupt", OptionKind.COMPLETION),
    MEMORY(Section.MACHINE, "memory", "auto", OptionKind.SIZE_OR_AUTO),
    HUGE_PAGES(Section.MACHINE, "huge-pages", "off", OptionKind.SWITCH),
    TRACE(Section.MACHINE, "trace", "counters", OptionKind.TRACE),
    TIMELINE_EVERY(Section.MACHINE, "timeline-every", "64", OptionKind.POSITIVE),
    OBSERVE(Section.MACHINE, "observe", "jfr", OptionKind.OBSERVE),
    CASE(Section.MACHINE, "case", "", OptionKind.TEXT),
    PEER(Section.MACHINE, "peer", "", OptionKind.TEXT),
    TARGET(Section.MACHINE, "target", "machine", OptionKind.TARGET),
    SERVER(Section.MACHINE, "server", "", OptionKind.TEXT),
    SOCKET(Section.MACHINE, "socket", "", OptionKind.TEXT),
    SERVER_CPUS(Section.MACHINE, "server-cpus", "any", OptionKind.SERVER_CPUS),
    CLIENT_CPUS(Section.MACHINE, "client-cpus", "any", OptionKind.CPUS),

    DRIVER(Section.DISK, "driver", "raw", OptionKind.DRIVER),
    IMAGE(Section.DISK, "image", "", OptionKind.TEXT),
    IMAGE_DIR(Section.DISK, "image-dir", "", OptionKind.TEXT),
    DISK_SIZE(Section.DISK, "disk-size", "1G", OptionKind.SIZE),
    LATENCY_NS(Section.DISK, "latency-ns", "0", OptionKind.DURATION),
    READ_ZEROES(Section.DISK, "read-zeroes", "off", OptionKind.SWITCH),
    CACHE(Section.DISK, "cache", "none", OptionKind.CACHE),
    AIO(Section.DISK, "aio", "threads", OptionKind.AIO),
    AIO_FALLBACK(Section.DISK, "aio-fallback", "off", OptionKind.SWITCH),
    DISCARD(Section.DISK, "discard", "ignore", OptionKind.DISCARD),
    BLOCKDEV(Section.DISK, "blockdev", "", OptionKind.BLOCKDEV),
    IMAGE_SIZE(Section.DISK, "image-size", "auto", OptionKind.SIZE_OR_AUTO),
    IMAGE_FILL(Section.DISK, "image-fill", "data", OptionKind.IMAGE_FILL),
    COMPAT(Section.DISK, "compat", "1.1", OptionKind.COMPAT),
    CLUSTER_SIZE(Section.DISK, "cluster-size", "64k", OptionKind.SIZE),
    REFCOUNT_BITS(Section.DISK, "refcount-bits", "16", OptionKind.POSITIVE),
    LAZY_REFCOUNTS(Section.DISK, "lazy-refcounts", "off", OptionKind.SWITCH),
    EXTENDED_L2(Section.DISK, "extended-l2", "off", OptionKind.SWITCH),
    PREALLOCATION(Section.DISK, "preallocation", "off", OptionKind.PREALLOCATION),
    COMPRESSION(Section.DISK, "compression", "off", OptionKind.COMPRESSION),
    DATA_FILE(Section.DISK, "data-file", "off", OptionKind.SWITCH),
    BACKING_DEPTH(Section.DISK, "backing-depth", "0", OptionKind.COUNT),
    BACKING_FORMAT(Section.DISK, "backing-format", "qcow2", OptionKind.IMAGE_FORMAT),
    L2_CACHE_SIZE(Section.DISK, "l2-cache-size", "auto", OptionKind.SIZE_OR_AUTO),
    L2_CACHE_ENTRY_SIZE(Section.DISK, "l2-cache-entry-size", "auto", OptionKind.SIZE_OR_AUTO),
    REFCOUNT_CACHE_SIZE(Section.DISK, "refcount-cache-size", "auto", OptionKind.SIZE_OR_AUTO),
    LOCKING(Section.DISK, "locking", "lock-free-reads", OptionKind.LOCKING),
    CONTINUATION(Section.DISK, "continuation", "callback", OptionKind.CONTINUATION),
    IOPS_TOTAL(Section.DISK, "iops-total", "0", OptionKind.COUNT),
    IOPS_TOTAL_MAX(Section.DISK, "iops-total-max", "0", OptionKind.COUNT),
    BPS_TOTAL(Section.DISK, "bps-total", "0", OptionKind.SIZE),
    BPS_TOTAL_MAX(Section.DISK, "bps-total-max", "0", OptionKind.SIZE),
    DELAY_AVERAGE(Section.DISK, "delay-average", "0", OptionKind.DURATION),
    DELAY_P99(Section.DISK, "delay-p99", "auto", OptionKind.DURATION_OR_AUTO),

    RW(Section.JOB, "rw", "read", OptionKind.JOB),
    BS(Section.JOB, "bs", "4k", OptionKind.JOB_SIZE),
    IODEPTH(Section.JOB, "iodepth", "1", OptionKind.JOB),
    NUMJOBS(Section.JOB, "numjobs", "1", OptionKind.JOB),
    SIZE(Section.JOB, "size", "", OptionKind.JOB),
    OFFSET(Section.JOB, "offset", "", OptionKind.JOB),
    RUNTIME(Section.JOB, "runtime", "", OptionKind.JOB),
    TIME_BASED(Section.JOB, "time_based", "", OptionKind.JOB),
    RAMP_TIME(Section.JOB, "ramp_time", "", OptionKind.JOB),
    RWMIXREAD(Section.JOB, "rwmixread", "", OptionKind.JOB),
    RANDSEED(Section.JOB, "randseed", "", OptionKind.JOB),
    DIRECT(Section.JOB, "direct", "", OptionKind.JOB);

    /** Part of a suite file. */
    public enum Section {
        MACHINE,
        DISK,
        JOB
    }

    private final Section section;
    private final String label;
    private final String defaultValue;
    private final OptionKind kind;

    Option(Section section, String label, String defaultValue, OptionKind kind) {
        this.section = section;
        this.label = label;
        this.defaultValue = defaultValue;
        this.kind = kind;
    }

    /** Name in suites, on the command line and in results. */
    public String label() {
        return label;
    }

    /** Where it belongs. */
    public Section section() {
        return section;
    }

    /** Value where nothing is said; empty for job options that are then left to fio's rules. */
    public String defaultValue() {
        return defaultValue;
    }

    /**
     * Checks a value.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    public void check(String value) {
        kind.check(value);
    }

    /** The option with this name. */
    public static Optional<Option> find(String label) {
        return Arrays.stream(values())
                .filter(option -> option.label.equals(label))
                .findFirst();
    }

    /** Names of a section's options, for messages. */
    public static List<String> labels(Section section) {
        return Arrays.stream(values())
                .filter(option -> option.section == section)
                .map(Option::label)
                .toList();
    }

    /** All names, for messages. */
    public static String allLabels() {
        return Arrays.stream(values()).map(Option::label).collect(Collectors.joining(", "));
    }
}
