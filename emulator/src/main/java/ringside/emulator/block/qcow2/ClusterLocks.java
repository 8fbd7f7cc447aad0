package ringside.emulator.block.qcow2;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Clusters of the guest's disk whose mapping somebody is changing (QEMU: dependencies between allocating requests). On a
 * loop one asks and is called back, on a worker one waits.
 */
final class ClusterLocks {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final List<Runnable> waiting = new ArrayList<>();

    private final LongHashSet held = new LongHashSet();

    /** Takes clusters first .. last, all or none. If none, the caller is told when anything has been released. */
    boolean tryAcquire(long first, long last, Runnable whenReleased) {
        lock.lock();
        try {
            if (anyHeld(first, last)) {
                waiting.add(whenReleased);
                return false;
            }
            add(first, last);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes clusters first .. last, and waits for them. */
    void acquire(long first, long last) {
        lock.lock();
        try {
            while (anyHeld(first, last)) {
                released.awaitUninterruptibly();
            }
            add(first, last);
        } finally {
            lock.unlock();
        }
    }

    /** Gives clusters first .. last back. */
    void release(long first, long last) {
        List<Runnable> told = List.of();
        lock.lock();
        try {
            for (long cluster = first; cluster <= last; cluster++) {
                held.remove(cluster);
            }
            if (!waiting.isEmpty()) {
                told = new ArrayList<>(waiting);
                waiting.clear();
            }
            released.signalAll();
        } finally {
            lock.unlock();
        }
        told.forEach(Runnable::run);
    }

    private boolean anyHeld(long first, long last) {
        if (held.isEmpty()) {
            return false;
        }
        for (long cluster = first; cluster <= last; cluster++) {
            if (held.contains(cluster)) {
                return true;
            }
        }
        return false;
    }

    private void add(long first, long last) {
        for (long cluster = first; cluster <= last; cluster++) {
            held.add(cluster);
        }
    }
}
