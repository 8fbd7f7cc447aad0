package ringside.emulator.block.qcow2;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;
import ringside.emulator.block.qcow2.format.L2Entry;

/** The active L1 table in memory. Read by anybody; changed under the allocator's lock. */
final class L1Table {
    private volatile AtomicLongArray entries;
    private boolean dirty;

    /** Whose tables are at a place that belongs to something else as well; since the opening. */
    private final BitSet suspects = new BitSet();

    /** @param entries taken over, because a table may have 32 MiB */
    L1Table(AtomicLongArray entries) {
        this.entries = entries;
    }

    int size() {
        return entries.length();
    }

    long get(int index) {
        AtomicLongArray now = entries;
        return index < now.length() ? now.getAcquire(index) : 0;
    }

    /** Where the L2 table is; 0 where there is none. */
    long tableOffset(int index) {
        return get(index) & L2Entry.OFFSET_MASK;
    }

    /** Whether the L2 table belongs to the active image alone. */
    boolean writable(int index) {
        long entry = get(index);
        boolean there = (entry & L2Entry.OFFSET_MASK) != 0; // a flag alone is no table
        return there && (entry & L2Entry.COPIED) != 0 && !suspects.get(index);
    }

    /** The L2 table's cluster is something else as well. Only while the image is opened. */
    void suspect(int index) {
        suspects.set(index);
    }

    boolean isSuspect(int index) {
        return suspects.get(index);
    }

    void set(int index, long entry) {
        entries.setRelease(index, entry);
        dirty = true;
    }

    /** Takes what is to be written, or null. */
    long[] takeDirty() {
        if (!dirty) {
            return null;
        }
        dirty = false;
        return copy(size());
    }

    void markDirty() {
        dirty = true;
    }

    boolean isDirty() {
        return dirty;
    }

    /** The entries, with zeroes behind them. */
    long[] copy(int size) {
        long[] copy = new long[size];
        for (int i = 0; i < Math.min(size, size()); i++) {
            copy[i] = entries.get(i);
        }
        return copy;
    }

    /** Makes the table longer. */
    void grow(int size) {
        entries = new AtomicLongArray(copy(size));
    }
}
