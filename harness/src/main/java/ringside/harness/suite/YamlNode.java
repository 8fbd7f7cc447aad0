package ringside.harness.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.HarnessException;

/**
 * A YAML value that knows its line, so that an error found later can name it. Scalars stay text. Also read by {@code gate} for
 * its rules.
 */
public sealed interface YamlNode {
    /** Where it stands. */
    Place place();

    /**
     * A place in a file.
     *
     * @param file name as the user knows it
     * @param line 1-based
     */
    record Place(String file, int line) {
        /** An error at this place. */
        public HarnessException error(String message) {
            return HarnessException.badInput(file + ":" + line + ": " + message);
        }
    }

    /** A single value as it is written. */
    record Scalar(Place place, String text) implements YamlNode {}

    /** A list. */
    record Sequence(Place place, List<YamlNode> items) implements YamlNode {}

    /** A map in the order of the file. */
    record Mapping(Place place, Map<String, YamlNode> entries) implements YamlNode {
        public Mapping {
            entries = new LinkedHashMap<>(entries);
        }
    }

    /** This as a map. */
    default Map<String, YamlNode> mapping(String what) {
        if (this instanceof Mapping mapping) {
            return mapping.entries();
        }
        throw place().error(what + " must be a map of names to values");
    }

    /** This as a single value that is not empty. */
    default String text(String what) {
        if (this instanceof Scalar scalar && !scalar.text().isEmpty()) {
            return scalar.text();
        }
        throw place().error(what + " must be a single value");
    }

    /** This as a list; a single value is a list of one. */
    default List<YamlNode> items(String what) {
        return switch (this) {
            case Sequence sequence -> sequence.items();
            case Scalar scalar when !scalar.text().isEmpty() -> List.of(scalar);
            case Scalar _ -> List.of();
            case Mapping mapping -> throw mapping.place().error(what + " must be a list");
        };
    }
}
