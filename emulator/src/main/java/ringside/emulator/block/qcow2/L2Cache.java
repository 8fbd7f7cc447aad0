package ringside.emulator.block.qcow2;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/** L2 tables in memory, in slices of equal size. What is missing is loaded on a worker; the least recently used goes. */
final class L2Cache {
    private static final int LOADERS = 16;
    private static final int ALIGN_BYTES = 4096;

    private final Qcow2Geometry geometry;
    private final BlockFile file;
    private final BlockEvents events;
    private final L1Table l1;
    private final ImageLocks locks;
    private final L2Directory directory;
    private final int sliceBytes;
    private final int sliceBits;
    private final int capacity;
    private final List<L2Slice> slots = new ArrayList<>();
    private final ReentrantLock cacheLock = new ReentrantLock();
    private final ReentrantLock[] loaders = new ReentrantLock[LOADERS];
    private final Arena arena = Arena.ofShared();
    private int hand;

    /**
     * @param sliceBytes bytes of a slice, a power of two and at most a cluster
     * @param cacheBytes memory for all slices
     * @param sizeBytes size of the guest's disk
     */
    L2Cache(
            Qcow2Geometry geometry,
            BlockFile file,
            BlockEvents events,
            L1Table l1,
            ImageLocks locks,
            int sliceBytes,
            long cacheBytes,
            long sizeBytes) {
        this.geometry = geometry;
        this.file = file;
        this.events = events;
        this.l1 = l1;
        this.locks = locks;
        this.sliceBytes = sliceBytes;
        this.sliceBits = Integer.numberOfTrailingZeros(sliceBytes / geometry.l2EntryBytes());
        this.capacity = Math.clamp(cacheBytes / sliceBytes, 2, 1 << 24);
        this.directory = new L2Directory(slices(sizeBytes));
        for (int i = 0; i < LOADERS; i++) {
            loaders[i] = new ReentrantLock();
        }
    }

    private long slices(long sizeBytes) {
        return (sizeBytes >>> geometry.clusterBits() + sliceBits) + 1;
    }

    void grow(long sizeBytes) {
        directory.grow(slices(sizeBytes));
    }

    /** Which slice maps a guest offset. */
    long numberOf(long guestOffset) {
        return guestOffset >>> geometry.clusterBits() + sliceBits;
    }

    int indexInSlice(long guestOffset) {
        return (int) (guestOffset >>> geometry.clusterBits()) & (1 << sliceBits) - 1;
    }

    private int l1IndexOf(long number) {
        return (int) (number >>> geometry.l2Bits() - sliceBits);
    }

    private long fileOffset(long number) {
        long slicesPerTable = 1L << geometry.l2Bits() - sliceBits;
        return l1.tableOffset(l1IndexOf(number)) + (number & slicesPerTable - 1) * sliceBytes;
    }

    /** Finds an entry in memory. Returns false when it has to be loaded; no I/O, no lock unless the image wants one. */
    boolean lookup(long guestOffset, Mapping into) {
        long number = numberOf(guestOffset);
        if (!locks.lookupsLock) {
            return read(number, guestOffset, into);
        }
        Lock lock = locks.ofSlice(number);
        lock.lock();
        try {
            return read(number, guestOffset, into);
        } finally {
            lock.unlock();
        }
    }

    private boolean read(long number, long guestOffset, Mapping into) {
        into.clear();
        L2Slice slice = directory.get(number);
        if (slice != null && slice.read(number, indexInSlice(guestOffset), geometry.extendedL2(), into)) {
            return true;
        }
        return l1.tableOffset(l1IndexOf(number)) == 0;
    }

    /** The slice in memory that may be changed, or null. Under the slice's lock. */
    L2Slice writable(long number) {
        L2Slice slice = directory.get(number);
        return slice != null && slice.number() == number && slice.writable ? slice : null;
    }

    /** Loads the slice of a guest offset, which has a table. Does I/O; without a lock. */
    void load(long guestOffset, Runnable writeBack) {
        long number = numberOf(guestOffset);
        ReentrantLock loader = loaders[(int) number & LOADERS - 1];
        loader.lock();
        try {
            L2Slice cached = directory.get(number);
            if (cached != null && cached.number() == number || l1.tableOffset(l1IndexOf(number)) == 0) {
                return;
            }
            L2Slice slot = claim(writeBack);
            try {
                events.raise(BlockEvent.L2_LOAD);
                file.read(fileOffset(number), slot.memory);
                publish(slot, number);
            } finally {
                release(slot);
            }
        } finally {
            loader.unlock();
        }
    }

    private void publish(L2Slice slot, long number) {
        Lock lock = locks.ofSlice(number);
        lock.lock();
        try {
            slot.becomes(number, l1.writable(l1IndexOf(number)));
            directory.set(number, slot);
        } finally {
            lock.unlock();
        }
    }

    private void release(L2Slice slot) {
        cacheLock.lock();
        slot.busy = false;
        cacheLock.unlock();
    }

    /** A slot that holds nothing, for its taker alone. */
    private L2Slice claim(Runnable writeBack) {
        while (true) {
            L2Slice slot = pick();
            if (slot == null) {
                Thread.onSpinWait(); // all are being loaded by others
            } else if (retire(slot)) {
                return slot;
            } else {
                release(slot);
                writeBack.run();
            }
        }
    }

    private L2Slice pick() {
        cacheLock.lock();
        try {
            if (slots.size() < capacity) {
                MemorySegment memory = arena.allocate(sliceBytes, Math.min(ALIGN_BYTES, sliceBytes));
                L2Slice slot = new L2Slice(memory);
                slot.busy = true;
                slots.add(slot);
                return slot;
            }
            for (int i = 0; i < 2 * slots.size(); i++) {
                hand = hand + 1 < slots.size() ? hand + 1 : 0;
                L2Slice slot = slots.get(hand);
                if (!slot.busy && !slot.used) {
                    slot.busy = true;
                    return slot;
                }
                slot.used = false;
            }
            return null;
        } finally {
            cacheLock.unlock();
        }
    }

    /** Takes a slot's content out of sight, unless it must be written first. */
    private boolean retire(L2Slice slot) {
        long number = slot.number();
        if (number == L2Slice.NONE) {
            return true;
        }
        Lock lock = locks.ofSlice(number);
        lock.lock();
        try {
            if (slot.dirty || slot.writing) {
                return false;
            }
            directory.set(number, null);
            slot.retire();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The L2 table belongs to the active image alone now. Without a lock. */
    void tableBecameWritable(int l1Index) {
        long slicesPerTable = 1L << geometry.l2Bits() - sliceBits;
        long end = Math.min((l1Index + 1) * slicesPerTable, directory.slots()); // the disk may end within the table
        for (long number = l1Index * slicesPerTable; number < end; number++) {
            Lock lock = locks.ofSlice(number);
            lock.lock();
            try {
                L2Slice slice = directory.get(number);
                if (slice != null) {
                    slice.writable = true;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A dirty slice as it is to be written. */
    record Copied(L2Slice slice, long number, long offsetBytes, MemorySegment content) {}

    /** Copies what is dirty, and takes it for clean. Without a lock. */
    List<Copied> takeDirty(Arena copies) {
        List<Copied> taken = new ArrayList<>();
        for (L2Slice slot : snapshot()) {
            long number = slot.number();
            if (number == L2Slice.NONE || !slot.dirty) {
                continue;
            }
            Lock lock = locks.ofSlice(number);
            lock.lock();
            try {
                if (slot.number() == number && slot.dirty) {
                    MemorySegment content = copies.allocate(sliceBytes, ALIGN_BYTES);
                    content.copyFrom(slot.memory);
                    slot.dirty = false;
                    slot.writing = true;
                    taken.add(new Copied(slot, number, fileOffset(number), content));
                }
            } finally {
                lock.unlock();
            }
        }
        return taken;
    }

    private List<L2Slice> snapshot() {
        cacheLock.lock();
        try {
            return new ArrayList<>(slots);
        } finally {
            cacheLock.unlock();
        }
    }

    /** What was taken has been written; or it could not be, and is dirty again. */
    void written(List<Copied> taken, boolean failed) {
        for (Copied copied : taken) {
            Lock lock = locks.ofSlice(copied.number());
            lock.lock();
            copied.slice().writing = false;
            copied.slice().dirty |= failed;
            lock.unlock();
        }
    }

    void close() {
        arena.close();
    }
}
