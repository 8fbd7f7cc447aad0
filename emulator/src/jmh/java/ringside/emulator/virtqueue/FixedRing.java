package ringside.emulator.virtqueue;

import java.lang.foreign.ValueLayout;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/**
 * A driver that costs nothing: 64 read requests of 4 KiB, written once, which the ring offers again and again. Moving
 * avail.idx is all that a batch needs, so a benchmark sees the device side alone.
 */
public final class FixedRing implements AutoCloseable {
    public static final int DEPTH = 64;
    private static final int SIZE = 256;
    private static final int BLOCK_BYTES = 4096;
    private static final int DESCRIPTORS = 3;
    private static final long HEADERS = GuestMemories.BASE_GPA + 0x10_000;
    private static final long STATUS = GuestMemories.BASE_GPA + 0x20_000;
    private static final long TABLES = GuestMemories.BASE_GPA + 0x30_000;
    private static final long DATA = GuestMemories.BASE_GPA + 0x100_000;

    private final GuestMemory memory = GuestMemories.one();
    private final RawSplitRing ring = new RawSplitRing(memory, SIZE, GuestMemories.BASE_GPA);
    private final boolean indirect;
    private final int[] heads = new int[DEPTH];

    public FixedRing(boolean indirect) {
        this.indirect = indirect;
        for (int i = 0; i < DEPTH; i++) {
            heads[i] = indirect ? i : i * DESCRIPTORS;
            if (indirect) {
                ring.desc(i, TABLES + 64L * i, 16 * DESCRIPTORS, RawSplitRing.INDIRECT, 0);
            }
            chain(i);
        }
        for (int slot = 0; slot < SIZE; slot++) {
            ring.availEntry(slot, heads[slot % DEPTH]);
        }
    }

    private void chain(int request) {
        long header = HEADERS + 16L * request;
        memory.ram().set(ValueLayout.JAVA_LONG, memory.translate(header + 8, 8), 8L * request);
        entry(request, 0, header, 16, RawSplitRing.NEXT);
        entry(request, 1, DATA + (long) BLOCK_BYTES * request, BLOCK_BYTES, RawSplitRing.NEXT | RawSplitRing.WRITE);
        entry(request, 2, STATUS + request, 1, RawSplitRing.WRITE);
    }

    private void entry(int request, int index, long addr, long len, int flags) {
        if (indirect) {
            ring.entry(TABLES + 64L * request + 16L * index, addr, len, flags, index + 1);
        } else {
            int at = heads[request] + index;
            ring.desc(at, addr, len, flags, at + 1);
        }
    }

    public GuestMemory memory() {
        return memory;
    }

    public int head(int request) {
        return heads[request];
    }

    /** The device side, with EVENT_IDX; the driver's event index stays behind, so it never wants a notification. */
    public Virtqueue activate() {
        return ring.activate(true, true);
    }

    /** Offers all requests again. Everything offered before must have been taken. */
    public void offerAll() {
        int next = ring.availIdx() + DEPTH;
        ring.usedEvent(next - 1 - SIZE); // behind: the driver polls
        ring.availIdx(next);
    }

    @Override
    public void close() {
        memory.close();
    }
}
