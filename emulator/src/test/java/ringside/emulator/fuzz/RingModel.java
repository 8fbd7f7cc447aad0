package ringside.emulator.fuzz;

import java.util.List;
import java.util.Optional;

/** The device side of a ring as the specification has it, whatever its format. See the two models for the clauses. */
interface RingModel {
    /** {@link #next()}: nothing is available. */
    int EMPTY = -1;

    /** {@link #next()}: the driver broke a rule. */
    int BROKEN = -2;

    /** A buffer of a chain. */
    record Buffer(long gpa, int bytes, boolean writable) {}

    /** Takes the next request; its head. */
    int next();

    /** The buffers of the head that was taken last; empty when the driver broke a rule. */
    Optional<List<Buffer>> chain(int head);

    /** Writes that a request was used. */
    void addUsed(int head, int length);

    /** Shows the driver what was written. */
    void publish();

    /** Whether the driver was shown anything since {@link #notifies()}. */
    boolean hasUnannounced();

    /** Whether the driver is to be notified of what it was shown since the last call. */
    boolean notifies();

    /** Asks the driver not to kick. */
    void disableKicks();

    /** Asks the driver to kick; returns whether something is available already. */
    boolean enableKicks();

    /** Where another device would go on, as vhost-user has it. */
    int base();
}
