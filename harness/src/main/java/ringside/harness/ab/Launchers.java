package ringside.harness.ab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ringside.harness.HarnessException;

/** Where a checkout or an unpacked distribution keeps its launcher. */
public final class Launchers {
    private static final List<String> PLACES = List.of("scripts/ringside", "ringside", "bin/ringside");

    private Launchers() {}

    /**
     * The launcher in a folder.
     *
     * @throws HarnessException in one line if there is none
     */
    public static Path in(Path folder) {
        for (String place : PLACES) {
            Path launcher = folder.resolve(place);
            if (Files.isRegularFile(launcher) && Files.isExecutable(launcher)) {
                return launcher.toAbsolutePath().normalize();
            }
        }
        throw HarnessException.badInput(
                folder + ": no launcher there: name a checkout of Ringside or an unpacked distribution");
    }

    /** The launcher of the program that runs now. */
    public static Path own() {
        return in(Path.of(System.getProperty("ringside.home", ".")));
    }
}
