package ringside.harness.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.harness.results.Plan;
import ringside.harness.suite.SuiteSpec;

/**
 * What the user asked for.
 *
 * @param reference the suite as the user named it
 * @param suite the suite with everything the command line changed
 * @param images images of the user, empty for scratch images
 * @param allowWrites images that may be written, each one of {@code images}
 * @param strict whether an option of a job file that is not understood is refused
 * @param commandLine the arguments
 */
public record RunRequest(
        String reference,
        SuiteSpec suite,
        List<Path> images,
        List<Path> allowWrites,
        boolean strict,
        List<String> commandLine) {
    private static final String IMAGE = "image.";
    private static final String ALLOW = "allow-writes.";
    private static final String REFERENCE = "suite";
    private static final String STRICT = "strict";

    /** The part that a plan keeps beside the suite, so that a folder can be resumed by itself. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put(REFERENCE, reference);
        settings.put(STRICT, strict ? "on" : "off");
        for (int i = 0; i < images.size(); i++) {
            settings.put(IMAGE + i, images.get(i).toString());
        }
        for (int i = 0; i < allowWrites.size(); i++) {
            settings.put(ALLOW + i, allowWrites.get(i).toString());
        }
        return settings;
    }

    /** The request that a folder was made from. */
    public static RunRequest of(Plan plan, SuiteSpec suite) {
        return new RunRequest(
                plan.settings().getOrDefault(REFERENCE, plan.suite()),
                suite,
                paths(plan, IMAGE),
                paths(plan, ALLOW),
                plan.settings().getOrDefault(STRICT, "off").equals("on"),
                plan.commandLine());
    }

    private static List<Path> paths(Plan plan, String prefix) {
        // By index: as text, image.10 would come before image.2.
        List<Path> paths = new ArrayList<>();
        for (String path = plan.settings().get(prefix + 0); path != null; ) {
            paths.add(Path.of(path));
            path = plan.settings().get(prefix + paths.size());
        }
        return List.copyOf(paths);
    }
}
