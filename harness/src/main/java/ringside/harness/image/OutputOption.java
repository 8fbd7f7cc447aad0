package ringside.harness.image;

import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** The option {@code --output}, and JSON as qemu-img prints it. */
final class OutputOption {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Forms of output. */
    enum Form {
        /** For people. */
        human,
        /** For programs, with qemu-img's fields. */
        json
    }

    @Option(names = "--output", paramLabel = "FORM", defaultValue = "human", description = "human or json.")
    private Form form;

    boolean json() {
        return form == Form.json;
    }

    static String text(Object value) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    static String text(Map<String, Object> value) {
        return text((Object) value);
    }
}
