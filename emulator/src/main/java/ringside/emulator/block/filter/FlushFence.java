package ringside.emulator.block.filter;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Keeps changes that end while a flush is under way out of the log until the flush is in it. An entry of a flush says that
 * all entries before it are stable, but a flush makes stable only what had ended when it began. Any thread.
 */
final class FlushFence {
    private record Held(long behind, LogWriter.Change change) {}

    private final Consumer<LogWriter.Change> log;

    /** Flushes that have begun, and the numbers of those that are under way, in order. */
    private long begun;

    private final ArrayDeque<Long> underWay = new ArrayDeque<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    /** @param log takes changes whose turn it is; called under the fence's lock, does not wait */
    FlushFence(Consumer<LogWriter.Change> log) {
        this.log = log;
    }

    /** A flush is about to be submitted. What is returned goes to {@link #flushed}. */
    synchronized long flushBegins() {
        underWay.addLast(++begun);
        return begun;
    }

    /** The flush is in the log, or has failed. */
    synchronized void flushed(long number) {
        underWay.remove(number);
        while (!held.isEmpty() && held.peekFirst().behind() < oldest()) {
            log.accept(held.pollFirst().change());
        }
        notifyAll();
    }

    /** A change has ended: it is logged now, or behind the flushes that are under way. */
    synchronized void changed(LogWriter.Change change) {
        if (underWay.isEmpty()) {
            log.accept(change);
        } else {
            held.addLast(new Held(begun, change));
        }
    }

    /** A change of the calling thread has ended: returns when it may be logged. */
    synchronized void awaitFlushes() {
        long behind = begun;
        boolean interrupted = false;
        while (behind >= oldest()) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true; // the change has happened, so it belongs into the log
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long oldest() {
        return underWay.isEmpty() ? Long.MAX_VALUE : underWay.peekFirst();
    }
}
