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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options that are understood, and fio's list of names to tell "not implemented" from "unknown". */
final class JobOption {
    private static final String NOTE_MACHINE = " is recorded; here the machine's ";

    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("start_delay", "startdelay"),
            Map.entry("ss", "steadystate"),
            Map.entry("ss_dur", "steadystate_duration"),
            Map.entry("ss_ramp", "steadystate_ramp_time"),
            Map.entry("wait_for_previous", "stonewall"),
            Map.entry("iodepth_batch_submit", "iodepth_batch"),
            Map.entry("iodepth_batch_complete", "iodepth_batch_complete_min"),
            Map.entry("readwrite", "rw"),
            Map.entry("blocksize", "bs"),
            Map.entry("blocksize_range", "bsrange"),
            Map.entry("blocksize_unaligned", "bs_unaligned"),
            Map.entry("ba", "blockalign"),
            Map.entry("timeout", "runtime"),
            Map.entry("io_limit", "io_size"),
            Map.entry("fileoffset", "offset"));

    /** Recorded options that may stand without a value. */
    private static final Set<String> RECORDED_FLAGS = Set.of("group_reporting", "thread");

    /** Recorded; what decides instead is said in a note. */
    private static final Map<String, String> NOTES = Map.of(
            "ioengine", NOTE_MACHINE + "aio setting chooses the engine",
            "direct", NOTE_MACHINE + "cache mode decides on O_DIRECT",
            "buffered", NOTE_MACHINE + "cache mode decides on O_DIRECT",
            "filename", NOTE_MACHINE + "disks are used; the option names no disk by itself",
            "replay_redirect", NOTE_MACHINE + "disks are used, whatever the trace was recorded from",
            "directory", NOTE_MACHINE + "disks are used; no file is made",
            "invalidate", NOTE_MACHINE + "cache mode decides what the host caches");

    /** Recorded without a note: nothing would differ from fio. */
    private static final Set<String> RECORDED = Set.of("description", "group_reporting", "thread");

    private static final Set<String> ACTING = new JobDraft("").options();
    private static final Set<String> CANONICAL =
            Stream.of(ACTING, NOTES.keySet(), RECORDED).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> FIO_NAMES = readNames();

    private JobOption() {}

    /** The name without alias. */
    static String canonical(String option) {
        return ALIASES.getOrDefault(option, option);
    }

    /** Names that act or are recorded, aliases included. */
    static Set<String> understood() {
        return Stream.of(ACTING, NOTES.keySet(), RECORDED, ALIASES.keySet())
                .flatMap(Set::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Names that act or are recorded, without aliases. */
    static Set<String> canonicalNames() {
        return CANONICAL;
    }

    /** What is to be said about an option whatever its value, if anything. */
    static Optional<JobWarning.Kind> judge(String canonical) {
        if (NOTES.containsKey(canonical)) {
            return Optional.of(JobWarning.Kind.NOTE);
        }
        if (ACTING.contains(canonical) || RECORDED.contains(canonical)) {
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
        Optional<OptionGroup> group = draft.group(option);
        boolean kept = RECORDED.contains(option) || NOTES.containsKey(option);
        if (group.isEmpty() && !kept) {
            return;
        }
        boolean flag = RECORDED_FLAGS.contains(option)
                || group.filter(some -> some.isFlag(option)).isPresent();
        if ((line.bare() || line.value().isEmpty()) && !flag) {
            throw new IllegalArgumentException(option + " needs a value: write " + option + "=VALUE");
        }
        String bare = group.map(some -> some.bareValue(option)).orElse("1");
        String value = line.value().isEmpty() ? bare : line.value();
        if (kept) {
            draft.recorded.put(option, value);
        } else {
            group.orElseThrow().set(option, value);
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
