package ringside.harness.ab;

import java.util.List;

/**
 * One of the two that are compared.
 *
 * @param name {@code base} or {@code head}
 * @param label for people: revision or folder, and what is set
 * @param launcher absolute path of the program's launcher
 * @param settings {@code NAME=VALUE} that only this side gets
 */
public record AbSide(String name, String label, String launcher, List<String> settings) {
    /** Name of the side that is compared with. */
    public static final String BASE = "base";

    /** Name of the side that is judged. */
    public static final String HEAD = "head";

    public AbSide {
        settings = List.copyOf(settings);
    }
}
