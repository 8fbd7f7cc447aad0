package ringside.harness.stats;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import ringside.harness.results.Provenance;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;

/** What differs between two folders besides what was measured: where, with what, and under which options. */
public final class FolderDifferences {
    private static final String MISSING = "(none)";

    /** Facts of a moment: load and pressure before the run. */
    private static final String MOMENT = "_before";

    /** The private folder of a run's sockets. */
    private static final Pattern PRIVATE_FOLDER = Pattern.compile("[^ ,=]*/ringside(-scratch-)?\\d+");

    /** The worker's class archive: it lies in the results folder, whose name may be a relative one. */
    private static final Pattern CLASS_ARCHIVE = Pattern.compile("(?<=SharedArchiveFile=)[^ ]*/");

    private FolderDifferences() {}

    /** Name to "A -> B", empty for equal folders. By the first run of each; options by the first run of each cell. */
    public static Map<String, String> between(RunFolder a, RunFolder b) {
        Map<String, String> found = new LinkedHashMap<>();
        if (a.results().isEmpty() || b.results().isEmpty()) {
            return found;
        }
        Provenance one = a.results().getFirst().provenance();
        Provenance other = b.results().getFirst().provenance();
        put(found, "git revision", one.gitRevision(), other.gitRevision());
        put(found, "version", one.ringsideVersion(), other.ringsideVersion());
        putAll(found, "host: ", lasting(one.host()), lasting(other.host()));
        putAll(found, "jvm: ", one.jvm(), other.jvm());
        put(
                found,
                "jvm flags",
                anywhere(String.join(" ", one.jvmFlags()), a),
                anywhere(String.join(" ", other.jvmFlags()), b));
        options(found, a, b);
        return found;
    }

    private static void options(Map<String, String> found, RunFolder a, RunFolder b) {
        Map<String, Map<String, String>> first = new TreeMap<>();
        a.results().forEach(run -> first.putIfAbsent(run.cell(), anywhere(run.options(), a)));
        for (RunResult run : b.results()) {
            Map<String, String> before = first.remove(run.cell());
            if (before != null) {
                putAll(found, "option ", before, anywhere(run.options(), b));
            }
        }
    }

    /** Facts of a host without those of a moment, such as its load before a run. */
    public static Map<String, String> lasting(Map<String, String> facts) {
        Map<String, String> kept = new TreeMap<>(facts);
        kept.keySet().removeIf(name -> name.endsWith(MOMENT));
        return kept;
    }

    /** Options without the places of their folder. */
    public static Map<String, String> anywhere(Map<String, String> options, RunFolder folder) {
        Map<String, String> all = new TreeMap<>(options);
        all.replaceAll((_, value) -> anywhere(value, folder));
        return all;
    }

    /** A text (flags, the value of an option) without the places of its folder: two folders have two places. */
    public static String anywhere(String text, RunFolder folder) {
        String place = folder.directory().toAbsolutePath().normalize().toString();
        return CLASS_ARCHIVE
                .matcher(PRIVATE_FOLDER.matcher(text.replace(place, "DIR")).replaceAll("TMP"))
                .replaceAll("DIR/");
    }

    private static void putAll(Map<String, String> found, String prefix, Map<String, String> a, Map<String, String> b) {
        TreeSet<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        names.forEach(name -> put(found, prefix + name, a.get(name), b.get(name)));
    }

    private static void put(Map<String, String> found, String name, String a, String b) {
        if (!Objects.equals(a, b)) {
            found.putIfAbsent(name, Objects.toString(a, MISSING) + " -> " + Objects.toString(b, MISSING));
        }
    }
}
