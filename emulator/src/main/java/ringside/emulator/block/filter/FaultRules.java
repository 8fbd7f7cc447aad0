package ringside.emulator.block.filter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkdebugSpec.Injection;
import ringside.emulator.block.BlkdebugSpec.Transition;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;

/**
 * The rules of a blkdebug node and its state, for all loops (QEMU: docs/devel/blkdebug.rst). An event arms its faults, in place of those that an
 * earlier event has armed; an armed fault hits every request that fits until it is replaced, or hits one and is gone if it
 * is to happen once. State changes take effect when the event is over. Any thread.
 */
final class FaultRules implements BlockEvents {
    private static final long SECTOR_BYTES = 512;
    private static final int FIRST_STATE = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Injection> injections;
    private final List<Transition> transitions;
    private final Set<BlockEvent> watched;
    private final List<Injection> armed = new ArrayList<>();
    private int state = FIRST_STATE;

    /** Whether a request has to look at the armed faults at all. */
    private volatile boolean anyArmed;

    FaultRules(BlkdebugSpec spec) {
        this.injections = new ArrayList<>(spec.injections());
        this.transitions = spec.transitions();
        EnumSet<BlockEvent> events = EnumSet.noneOf(BlockEvent.class);
        spec.injections().forEach(rule -> events.add(BlockEvent.of(rule.event())));
        spec.transitions().forEach(rule -> events.add(BlockEvent.of(rule.event())));
        this.watched = Collections.unmodifiableSet(events);
        raise(BlockEvent.NONE);
    }

    /** Whether a rule waits for this event. */
    boolean watches(BlockEvent event) {
        return watched.contains(event);
    }

    @Override
    public void raise(BlockEvent event) {
        if (!watched.contains(event)) {
            return;
        }
        lock.lock();
        try {
            arm(event.label());
            change(event.label());
        } finally {
            lock.unlock();
        }
    }

    private void arm(String event) {
        boolean replaced = false;
        for (Injection rule : injections) {
            if (rule.event().equals(event) && holds(rule.state())) {
                if (!replaced) {
                    armed.clear();
                    replaced = true;
                }
                armed.addFirst(rule);
            }
        }
        anyArmed = !armed.isEmpty();
    }

    /** Every rule sees the state as it was before the event; the last one that fits decides. */
    private void change(String event) {
        int after = state;
        for (Transition rule : transitions) {
            if (rule.event().equals(event) && holds(rule.state())) {
                after = rule.newState();
            }
        }
        state = after;
    }

    private boolean holds(int required) {
        return required == 0 || required == state;
    }

    /**
     * The fault that hits a request, if any.
     *
     * @param ioType QEMU's name of the kind of request
     * @param lengthBytes 0 for a request without a range, which only faults of any sector hit
     */
    Optional<Injection> hit(String ioType, long offsetBytes, long lengthBytes) {
        if (!anyArmed) {
            return Optional.empty();
        }
        lock.lock();
        try {
            for (Injection rule : armed) {
                if (fits(rule, ioType, offsetBytes, lengthBytes)) {
                    if (rule.once()) {
                        armed.remove(rule);
                        injections.remove(rule);
                        anyArmed = !armed.isEmpty();
                    }
                    return Optional.of(rule);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private static boolean fits(Injection rule, String ioType, long offsetBytes, long lengthBytes) {
        long at = rule.sector() * SECTOR_BYTES;
        boolean anywhere = rule.sector() < 0;
        return (rule.ioTypes().isEmpty() || rule.ioTypes().contains(ioType))
                && (anywhere || at >= offsetBytes && at < offsetBytes + lengthBytes);
    }
}
