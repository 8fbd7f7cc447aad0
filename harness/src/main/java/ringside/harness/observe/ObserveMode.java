package ringside.harness.observe;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How closely a run is watched while it is measured; what that costs is in docs/how-we-measure.md. */
public enum ObserveMode {
    /** Only what is read once at the begin and once at the end of the measured phase. */
    OFF("off"),
    /** Host and threads too, five times a second. */
    HOST("host"),
    /** The JVM's events too. */
    JFR("jfr");

    private final String label;

    ObserveMode(String label) {
        this.label = label;
    }

    /** The value in a suite. */
    public String label() {
        return label;
    }

    /**
     * The mode of that name.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    public static ObserveMode of(String label) {
        return Arrays.stream(values())
                .filter(mode -> mode.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown way to observe '" + label + "': use "
                        + Arrays.stream(values()).map(ObserveMode::label).collect(Collectors.joining(" or "))));
    }
}
