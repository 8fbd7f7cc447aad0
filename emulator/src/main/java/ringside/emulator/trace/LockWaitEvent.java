package ringside.emulator.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Flight recorder event: a thread waited long for a lock of the emulator. Written when the wait is over, by the thread
 * that waited. Off unless a recording asks for it. One object serves a lock for its life, used by its holder only, so
 * that a wait allocates nothing.
 */
@Name("ringside.LockWait")
@Label("Lock Wait")
@Category("Ringside")
@Description("A thread waited for a lock for at least a millisecond")
@Enabled(false)
@StackTrace(false)
public final class LockWaitEvent extends Event {
    /** Shorter waits are in the lock's histogram only. */
    public static final long LONG_NS = 1_000_000;

    @Label("Lock")
    final String lock;

    @Label("Waited")
    @Timespan(Timespan.NANOSECONDS)
    long waitedNs;

    /** @param lock its name for people */
    public LockWaitEvent(String lock) {
        this.lock = lock;
    }

    /** Writes a wait that has just ended; costs nothing where no recording runs. */
    public void write(long waitNs) {
        if (isEnabled()) {
            waitedNs = waitNs;
            begin(); // a used object would else count from its first use
            commit();
        }
    }
}
