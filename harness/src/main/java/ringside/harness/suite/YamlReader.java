package ringside.harness.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.HarnessException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads a YAML text into nodes with lines. Refuses doubled keys, aliases and anything after the first document. */
public final class YamlReader {
    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String file;
    private final JsonParser parser;

    private YamlReader(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /**
     * Reads one document.
     *
     * @param file named in errors
     * @throws HarnessException with file and line
     */
    public static YamlNode read(String text, String file) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            YamlReader reader = new YamlReader(file, parser);
            if (parser.nextToken() == null) {
                throw new YamlNode.Place(file, 1).error("the file is empty");
            }
            YamlNode root = reader.value();
            if (parser.nextToken() != null) {
                throw reader.here().error("one YAML document is expected; here a second one begins");
            }
            return root;
        } catch (JacksonException e) {
            throw HarnessException.badInput(file + ":" + line(e.getLocation()) + ": " + problem(e), e);
        }
    }

    private YamlNode value() {
        YamlNode.Place place = here();
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw place.error("aliases are not supported: write the value out");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(place);
            case START_ARRAY -> sequence(place);
            default -> new YamlNode.Scalar(place, scalarText());
        };
    }

    /** As written: {@code null} is the name of a driver here, and 4k or 010 are no numbers of YAML's. */
    private String scalarText() {
        String text = parser.getString();
        return text == null ? "" : text.strip();
    }

    private YamlNode mapping(YamlNode.Place place) {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            entries.put(key, value());
        }
        return new YamlNode.Mapping(place, entries);
    }

    private YamlNode sequence(YamlNode.Place place) {
        List<YamlNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value());
        }
        return new YamlNode.Sequence(place, items);
    }

    private YamlNode.Place here() {
        return new YamlNode.Place(file, line(parser.currentTokenLocation()));
    }

    private static int line(TokenStreamLocation location) {
        return location == null ? 1 : Math.max(1, location.getLineNr());
    }

    private static String problem(JacksonException e) {
        return HarnessException.oneLine(e.getOriginalMessage());
    }
}
