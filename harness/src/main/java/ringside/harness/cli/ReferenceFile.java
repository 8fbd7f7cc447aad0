package ringside.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.spi.Reference;
import ringside.harness.suite.YamlNode;
import ringside.harness.suite.YamlReader;

/** Reads published figures for a report; every error is one line with file and line. The keys are in docs/reports.md. */
final class ReferenceFile {
    private static final Set<String> TOP = Set.of("references");
    private static final List<String> KEYS = List.of("label", "iops", "system", "source");

    private ReferenceFile() {}

    /** At least one figure, each with all its keys and a label of its own. */
    static List<Reference> read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static List<Reference> parse(String text, String file) {
        YamlNode root = YamlReader.read(text, file);
        Map<String, YamlNode> keys = root.mapping("a file of references");
        refuseUnknown(keys, TOP);
        YamlNode list = keys.get("references");
        if (list == null || list.items("references").isEmpty()) {
            throw root.place().error("there is no figure: list at least one below 'references:'");
        }
        Set<String> labels = new HashSet<>();
        return list.items("references").stream()
                .map(node -> {
                    Reference reference = reference(node);
                    if (!labels.add(reference.label())) {
                        throw node.place().error("'" + reference.label() + "' is there twice: use another label");
                    }
                    return reference;
                })
                .toList();
    }

    private static Reference reference(YamlNode node) {
        Map<String, YamlNode> keys = node.mapping("a reference");
        refuseUnknown(keys, Set.copyOf(KEYS));
        for (String key : KEYS) {
            if (!keys.containsKey(key) || keys.get(key).text(key).isBlank()) {
                throw node.place()
                        .error("a reference needs '" + key + "': write " + String.join(", ", KEYS)
                                + " (a figure without its source is not shown)");
            }
        }
        return new Reference(
                keys.get("label").text("label"),
                iops(keys.get("iops")),
                keys.get("system").text("system"),
                keys.get("source").text("source"));
    }

    private static double iops(YamlNode node) {
        String text = node.text("iops");
        if (!text.matches("\\d{1,12}") || Long.parseLong(text) == 0) {
            throw node.place()
                    .error("iops: '" + text + "' is no number of requests per second; write digits only, as 147000");
        }
        return Long.parseLong(text);
    }

    private static void refuseUnknown(Map<String, YamlNode> keys, Set<String> known) {
        keys.forEach((key, value) -> {
            if (!known.contains(key)) {
                throw value.place()
                        .error("unknown key '" + key + "'; known: "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }
}
