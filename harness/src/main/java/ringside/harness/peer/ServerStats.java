package ringside.harness.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Numbers that a server wrote about its whole life into its statistics file; of {@code ringside serve} for example
 * {@code gc_count}, {@code gc_time_ms}, {@code max_pause_ms}.
 *
 * @param numbers top-level numbers by key; empty without a file
 */
public record ServerStats(Map<String, Double> numbers) {
    private static final JsonMapper MAPPER = new JsonMapper();

    static ServerStats read(Path file) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        try {
            if (Files.exists(file)) {
                for (Map.Entry<String, JsonNode> entry :
                        MAPPER.readTree(Files.readString(file)).properties()) {
                    if (entry.getValue().isNumber()) {
                        numbers.put(entry.getKey(), entry.getValue().doubleValue());
                    }
                }
            }
        } catch (IOException | JacksonException e) {
            System.err.println("ringside: the server's statistics cannot be read: " + e.getMessage());
        }
        return new ServerStats(Map.copyOf(numbers));
    }

    /** A number, empty where the server wrote none of this name. */
    public OptionalDouble number(String key) {
        Double value = numbers.get(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
