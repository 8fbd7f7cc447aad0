package ringside.harness.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A baseline as a file: JSON with one line per fact and per cell, so that a diff in git says which cell changed. */
public final class BaselineFile {
    private static final JsonMapper LINES = JsonMapper.builder().build();

    private BaselineFile() {}

    /** Writes it, replacing an older one. */
    public static void write(Path file, Baseline baseline) {
        AtomicFiles.write(file, text(baseline));
    }

    /**
     * Reads it.
     *
     * @throws HarnessException in one line if there is no such file, or it is no baseline or a newer one
     */
    public static Baseline read(Path file) {
        try {
            String text = Files.readString(file);
            refuseNewer(text, file);
            return ResultJson.read(text, Baseline.class, file);
        } catch (NoSuchFileException e) {
            throw HarnessException.badInput(
                    file + ": there is no such baseline: record one with ringside gate RESULTS --record " + file, e);
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static void refuseNewer(String text, Path file) {
        try {
            int version = LINES.readTree(text).path("schemaVersion").asInt(0);
            if (version > Baseline.SCHEMA_VERSION) {
                throw HarnessException.badInput(file + ": written by a newer Ringside (baseline schema " + version
                        + ", this one reads up to " + Baseline.SCHEMA_VERSION + "): use that version");
            }
        } catch (tools.jackson.core.JacksonException e) {
            throw HarnessException.badInput(
                    file + ": not a baseline: " + HarnessException.oneLine(e.getOriginalMessage()), e);
        }
    }

    static String text(Baseline baseline) {
        List<String> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : LINES.valueToTree(baseline).properties()) {
            fields.add("  " + LINES.writeValueAsString(field.getKey()) + ": " + value(field.getValue()));
        }
        return "{\n" + String.join(",\n", fields) + "\n}\n";
    }

    private static String value(JsonNode node) {
        boolean plain = node.isValueNode() || node.isEmpty();
        if (plain) {
            return LINES.writeValueAsString(node);
        }
        List<String> lines = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> lines.add("    " + LINES.writeValueAsString(item)));
            return "[\n" + String.join(",\n", lines) + "\n  ]";
        }
        node.properties()
                .forEach(entry -> lines.add("    " + LINES.writeValueAsString(entry.getKey()) + ": "
                        + LINES.writeValueAsString(entry.getValue())));
        return "{\n" + String.join(",\n", lines) + "\n  }";
    }
}
