package ringside.harness.blockdev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.emulator.block.BlkdebugSpec.Injection;
import ringside.emulator.block.BlkdebugSpec.Transition;

/**
 * A file of rules as QEMU reads it (docs/devel/blkdebug.rst): sections {@code [inject-error]} and {@code [set-state]} with lines
 * {@code key = "value"}; {@code #} begins a comment line.
 */
final class BlkdebugConfig {
    private static final Pattern SECTION = Pattern.compile("\\[(inject-error|set-state)(?:\\s+\"[^\"]*\")?]");
    private static final Pattern LINE = Pattern.compile("([a-z_-]+)\\s*=\\s*\"([^\"]*)\"");

    private BlkdebugConfig() {}

    /** @throws IllegalArgumentException in one line naming file and line */
    static void read(Path file, List<Injection> injections, List<Transition> transitions) {
        OptionSet set = new OptionSet(keys(file, lines(file)));
        NodeOptions options = new NodeOptions(set);
        try {
            BlkdebugDriver.rules(options, injections, transitions);
            options.refuseRest();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("config: cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The file as the same dotted keys that the options have. */
    private static Map<String, String> keys(Path file, List<String> lines) {
        Map<String, String> keys = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        String prefix = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Matcher section = SECTION.matcher(line);
            Matcher pair = LINE.matcher(line);
            if (section.matches()) {
                int number = counts.merge(section.group(1), 1, Integer::sum) - 1;
                prefix = section.group(1) + "." + number + ".";
            } else if (pair.matches() && !prefix.isEmpty()) {
                keys.put(prefix + pair.group(1), pair.group(2));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw new IllegalArgumentException(file + ": line " + (i + 1)
                        + " is neither [inject-error], [set-state] nor key = \"value\": " + line);
            }
        }
        return keys;
    }
}
