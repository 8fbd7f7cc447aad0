package ringside.workloads.conformance.spec;

/**
 * One statement of the specification, in our words.
 *
 * @param id {@code D01} for what a device must, {@code S01} for what it should, {@code R001} for what a driver must,
 *     {@code V01} for what a vhost-user back-end must stand
 * @param level how strong it is, and to whom it is said
 * @param section of the specification
 * @param number of the statement among those of its section and level in this catalogue, from 1
 * @param requirement what is required
 */
public record Clause(String id, Level level, String section, int number, String requirement) {
    /** Kinds of statements. */
    public enum Level {
        /** What a device must or must not do. */
        MUST,
        /** What a device should do. */
        SHOULD,
        /** What a driver must do; a hostile test breaks it, and the device must survive. */
        DRIVER,
        /** What a front-end of vhost-user must do; broken by a hostile test as well. */
        PROTOCOL
    }

    /** How the statement is cited. */
    public String citation() {
        return level == Level.PROTOCOL ? "vhost-user " + section : "VIRTIO-1.2 §" + section + " #" + number;
    }
}
