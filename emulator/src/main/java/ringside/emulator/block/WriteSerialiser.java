package ringside.emulator.block;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a read-modify-write apart from every other change to the same blocks (QEMU: serialising requests). Without it a
 * change to a neighbouring sector, made between the read and the write, would be undone.
 *
 * <p>Exists only on nodes where O_DIRECT's blocks are larger than a sector; all loops share it. A request that conflicts
 * with one in progress, or with one that waits already, waits; it is resumed on its own loop, or on the thread that blocks.
 */
final class WriteSerialiser {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Change> active = new ArrayList<>();
    private final List<Change> waiting = new ArrayList<>();

    /** A change of blocks. */
    interface Change {
        /** First byte of the first block. */
        long blocksFrom();

        /** First byte behind the last block. */
        long blocksTo();

        /** Whether a part of a block is changed, by reading it first. */
        boolean partial();

        /** Nothing stands in the way any more. Any thread, under the serialiser's lock. */
        void mayGoOn();
    }

    /** A part of some blocks that a blocking call changes. */
    private record BlockingChange(long blocksFrom, long blocksTo, CountDownLatch free) implements Change {
        @Override
        public boolean partial() {
            return true;
        }

        @Override
        public void mayGoOn() {
            free.countDown();
        }
    }

    /** Changes a part of some blocks when nobody else does. Blocks. */
    void alone(long blocksFrom, long blocksTo, Runnable change) {
        BlockingChange entered = new BlockingChange(blocksFrom, blocksTo, new CountDownLatch(1));
        if (!enter(entered)) {
            await(entered.free());
        }
        try {
            change.run();
        } finally {
            leave(entered);
        }
    }

    private static void await(CountDownLatch free) {
        boolean interrupted = false;
        while (true) {
            try {
                free.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the request may go on now; otherwise its back end is told later. */
    boolean enter(Change request) {
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
    void leave(Change request) {
        lock.lock();
        try {
            active.remove(request);
            for (int i = 0; i < waiting.size(); ) {
                Change candidate = waiting.get(i);
                if (conflicts(candidate, active, active.size()) || conflicts(candidate, waiting, i)) {
                    i++;
                } else {
                    waiting.remove(i);
                    active.add(candidate);
                    candidate.mayGoOn();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean conflicts(Change request, List<Change> others, int count) {
        for (int i = 0; i < count; i++) {
            if (conflict(request, others.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Only changes of parts of blocks need care; two changes of whole blocks may race as on any disk. */
    private static boolean conflict(Change one, Change other) {
        return (one.partial() || other.partial())
                && one.blocksFrom() < other.blocksTo()
                && other.blocksFrom() < one.blocksTo();
    }
}
