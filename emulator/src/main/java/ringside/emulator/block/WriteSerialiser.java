package ringside.emulator.block;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a read-modify-write apart from every other change to the same blocks (QEMU: serialising requests). Without it a
 * change to a neighbouring sector, made between the read and the write, would be undone.
 *
 * <p>Exists only on nodes where O_DIRECT's blocks are larger than a sector; all loops share it. A request that conflicts
 * with one in progress, or with one that waits already, waits; it is resumed on its own loop.
 */
final class WriteSerialiser {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RawRequest> active = new ArrayList<>();
    private final List<RawRequest> waiting = new ArrayList<>();

    /** Returns whether the request may go on now; otherwise its back end is told later. */
    boolean enter(RawRequest request) {
        lock.lock();
        try {
            boolean free = !conflicts(request, active, active.size()) && !conflicts(request, waiting, waiting.size());
            (free ? active : waiting).add(request);
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** The request is done; those that waited for nothing else go on, in the order in which they came. */
    void leave(RawRequest request) {
        lock.lock();
        try {
            active.remove(request);
            for (int i = 0; i < waiting.size(); ) {
                RawRequest candidate = waiting.get(i);
                if (conflicts(candidate, active, active.size()) || conflicts(candidate, waiting, i)) {
                    i++;
                } else {
                    waiting.remove(i);
                    active.add(candidate);
                    candidate.resumeOnItsLoop();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean conflicts(RawRequest request, List<RawRequest> others, int count) {
        for (int i = 0; i < count; i++) {
            if (request.conflictsWith(others.get(i))) {
                return true;
            }
        }
        return false;
    }
}
