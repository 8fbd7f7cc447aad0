package ringside.workloads.job;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The options of one group while the lines of a job are applied to it one by one; a group then builds its part of the
 * {@link JobSpec}. A setter throws IllegalArgumentException with a one-line reason.
 */
abstract sealed class OptionGroup
        permits ShapeOptions,
                RegionOptions,
                ContentOptions,
                DepthOptions,
                TimingOptions,
                PacingOptions,
                SyncOptions,
                VerifyOptions,
                LogOptions,
                TraceOptions,
                JobDraft.NameOptions {
    private final Map<String, Consumer<String>> setters = new TreeMap<>();
    private final Set<String> flags = new HashSet<>();
    private final Set<String> words = new HashSet<>();

    /** An option that needs a value. */
    final void option(String name, Consumer<String> setter) {
        setters.put(name, setter);
    }

    /** An option that may stand alone and then means 1 (fio: "empty or boolean value"). */
    final void flag(String name, Consumer<Boolean> setter) {
        flags.add(name);
        setters.put(name, value -> setter.accept(FioUnits.bool(name, value)));
    }

    /** An option that may stand alone, which gives an empty value. */
    final void word(String name, Consumer<String> setter) {
        flags.add(name);
        words.add(name);
        setters.put(name, setter);
    }

    /** The canonical names of all options of the group. */
    final Set<String> names() {
        return Collections.unmodifiableSet(setters.keySet());
    }

    /** What an option without a value means. */
    final String bareValue(String name) {
        return words.contains(name) ? "" : "1";
    }

    final boolean isFlag(String name) {
        return flags.contains(name);
    }

    /** Applies an option of this group. */
    final void set(String name, String value) {
        setters.get(name).accept(value);
    }

    static int positive(String option, String value) {
        return (int) FioUnits.integer(option, value, 1, Integer.MAX_VALUE);
    }

    static int percent(String option, String value) {
        return (int) FioUnits.integer(option, value, 0, 100);
    }
}
