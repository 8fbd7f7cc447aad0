package ringside.harness.results;

import java.nio.file.Path;
import ringside.harness.HarnessException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of the records of this package. Strict: an unknown or doubled key, a missing or null number and
 * trailing text are errors, because a result that is silently half understood is worse than none. Thread-safe.
 */
public final class ResultJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private ResultJson() {}

    /** The record as text that ends with a line break. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value) + "\n";
    }

    /**
     * Reads a record.
     *
     * @param origin named in the error
     * @throws HarnessException in one line if the text is not such a record or of a newer schema
     */
    public static <T> T read(String text, Class<T> type, Path origin) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            refuseNewerSchema(tree, origin);
            if (type == RunResult.class) {
                addWhatOlderSchemasLack(tree);
            }
            return MAPPER.treeToValue(tree, type);
        } catch (JacksonException e) {
            throw HarnessException.badInput(
                    origin + ": not a Ringside " + type.getSimpleName() + ": "
                            + HarnessException.oneLine(e.getOriginalMessage()),
                    e);
        }
    }

    private static void addWhatOlderSchemasLack(JsonNode tree) {
        if (tree instanceof ObjectNode result && result.path("schemaVersion").asInt(0) == 1) {
            result.putArray("jobs");
            result.set("steadiness", MAPPER.valueToTree(Steadiness.UNKNOWN));
            result.putArray("events");
        }
        for (JsonNode job : tree.path("jobs")) {
            if (job instanceof ObjectNode known && !known.has("otherErrors")) {
                addWhatFirstJobsLack(known);
            }
        }
    }

    /** The first results of schema 2 kept less of a job. */
    private static void addWhatFirstJobsLack(ObjectNode job) {
        job.put("otherErrors", 0);
        job.put("errno", 0);
        job.putArray("logs");
    }

    private static void refuseNewerSchema(JsonNode tree, Path origin) {
        JsonNode version = tree.path("schemaVersion");
        if (version.isInt() && version.intValue() > RunResult.SCHEMA_VERSION) {
            throw HarnessException.badInput(origin + ": written by a newer Ringside (schema " + version.intValue()
                    + ", this one reads up to " + RunResult.SCHEMA_VERSION + "): use that version");
        }
    }
}
