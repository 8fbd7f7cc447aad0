package ringside.emulator.block.qcow2;

import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.Qcow2Options.Locking;

/**
 * Who excludes whom: a lock for each group of L2 slices and one for refcounts, allocation and L1, or one lock for all of it.
 * Held for work in memory only, never over I/O. Order: a slice's lock before that of the allocator; never two slices' locks.
 */
final class ImageLocks {
    private static final int SHARDS = 64;

    /** Refcounts, the allocator, L1, what waits to be freed. */
    final ReentrantLock allocator = new ReentrantLock();

    private final ReentrantLock[] shards = new ReentrantLock[SHARDS];

    /** Whether lookups take the slice's lock as well. */
    final boolean lookupsLock;

    ImageLocks(Locking locking) {
        lookupsLock = locking != Locking.LOCK_FREE_READS;
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = locking == Locking.IMAGE ? allocator : new ReentrantLock();
        }
    }

    /** The lock of the slice with this number. */
    ReentrantLock ofSlice(long slice) {
        return shards[(int) slice & SHARDS - 1];
    }
}
