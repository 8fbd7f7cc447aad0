package ringside.workloads.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options that are understood, and fio's list of names to tell "not implemented" from "unknown". */
final class JobOption {
    /** Applies a value to a job; throws IllegalArgumentException with a one-line reason. */
    @FunctionalInterface
    private interface Setter {
        void set(JobDraft draft, String value);
    }

    private static final String NOTE_MACHINE = " is recorded; here the machine's ";

    private static final Map<String, String> ALIASES = Map.of(
            "readwrite", "rw", "blocksize", "bs", "timeout", "runtime", "io_limit", "io_size", "fileoffset", "offset");

    /** Flags may stand without a value (fio: "empty or boolean value"). */
    private static final Set<String> FLAGS = Set.of("time_based", "norandommap", "group_reporting", "thread");

    /** Recorded; what decides instead is said in a note. */
    private static final Map<String, String> NOTES = Map.of(
            "ioengine", NOTE_MACHINE + "aio setting chooses the engine",
            "direct", NOTE_MACHINE + "cache mode decides on O_DIRECT",
            "buffered", NOTE_MACHINE + "cache mode decides on O_DIRECT",
            "filename", NOTE_MACHINE + "disks are used; the option names no disk by itself",
            "directory", NOTE_MACHINE + "disks are used; no file is made",
            "invalidate", NOTE_MACHINE + "cache mode decides what the host caches");

    /** Recorded without a note: nothing would differ from fio. */
    private static final Set<String> RECORDED = Set.of("description", "group_reporting", "thread");

    private static final Map<String, Setter> SETTERS = setters();
    private static final Set<String> FIO_NAMES = readNames();

    private JobOption() {}

    private static Map<String, Setter> setters() {
        Map<String, Setter> map = new TreeMap<>();
        map.put("name", (draft, value) -> draft.name = value);
        map.put("rw", (draft, value) -> draft.rw = ReadWrite.of(value));
        map.put("bs", (draft, value) -> draft.bs = BlockSizes.parse(value));
        map.put("iodepth", (draft, value) -> draft.iodepth = positive("iodepth", value));
        map.put("numjobs", (draft, value) -> draft.numjobs = positive("numjobs", value));
        map.put("size", (draft, value) -> draft.size = Extent.parse("size", value));
        map.put("offset", (draft, value) -> draft.offset = Extent.parse("offset", value));
        map.put("io_size", (draft, value) -> draft.ioSize = Extent.parse("io_size", value));
        map.put("runtime", (draft, value) -> draft.runtimeNs = FioUnits.durationNs("runtime", value));
        map.put("ramp_time", (draft, value) -> draft.rampTimeNs = FioUnits.durationNs("ramp_time", value));
        map.put("time_based", (draft, value) -> draft.timeBased = FioUnits.bool("time_based", value));
        map.put("norandommap", (draft, value) -> draft.norandommap = FioUnits.bool("norandommap", value));
        map.put("rwmixread", (draft, value) -> draft.rwmixread = percent("rwmixread", value));
        map.put("rwmixwrite", (draft, value) -> draft.rwmixread = 100 - percent("rwmixwrite", value));
        map.put("randseed", (draft, value) -> draft.randseed = FioUnits.integer("randseed", value, 0, Long.MAX_VALUE));
        map.put("randrepeat", (draft, value) -> requireRepeat(value));
        return map;
    }

    /** The name without alias. */
    static String canonical(String option) {
        return ALIASES.getOrDefault(option, option);
    }

    /** Names that act or are recorded, aliases included. */
    static Set<String> understood() {
        return Stream.of(SETTERS.keySet(), NOTES.keySet(), RECORDED, ALIASES.keySet())
                .flatMap(Set::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What is to be said about an option whatever its value, if anything. */
    static Optional<JobWarning.Kind> judge(String canonical) {
        if (NOTES.containsKey(canonical)) {
            return Optional.of(JobWarning.Kind.NOTE);
        }
        if (SETTERS.containsKey(canonical) || RECORDED.contains(canonical)) {
            return Optional.empty();
        }
        return Optional.of(FIO_NAMES.contains(canonical) ? JobWarning.Kind.NOT_IMPLEMENTED : JobWarning.Kind.UNKNOWN);
    }

    /** The text for a judged option. */
    static String text(String canonical, JobWarning.Kind kind) {
        return switch (kind) {
            case NOTE -> canonical + NOTES.get(canonical);
            case NOT_IMPLEMENTED -> canonical + " is not implemented and has been ignored";
            case UNKNOWN -> "unknown option " + canonical + " has been ignored";
        };
    }

    /** Applies an understood option; others do nothing. */
    static void apply(JobDraft draft, JobLine line) {
        String option = canonical(line.option());
        Setter setter = SETTERS.get(option);
        boolean kept = RECORDED.contains(option) || NOTES.containsKey(option);
        if (setter == null && !kept) {
            return;
        }
        if ((line.bare() || line.value().isEmpty()) && !FLAGS.contains(option)) {
            throw new IllegalArgumentException(option + " needs a value: write " + option + "=VALUE");
        }
        String value = line.value().isEmpty() ? "1" : line.value();
        if (kept) {
            draft.recorded.put(option, value);
        } else {
            setter.set(draft, value);
        }
    }

    private static int positive(String option, String value) {
        return (int) FioUnits.integer(option, value, 1, Integer.MAX_VALUE);
    }

    private static int percent(String option, String value) {
        return (int) FioUnits.integer(option, value, 0, 100);
    }

    private static void requireRepeat(String value) {
        if (!FioUnits.bool("randrepeat", value)) {
            throw new IllegalArgumentException(
                    "randrepeat=0 is not supported, every run can be repeated: give another randseed instead");
        }
    }

    private static Set<String> readNames() {
        try (InputStream in = JobOption.class.getResourceAsStream("fio-options.txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return reader.lines().collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
