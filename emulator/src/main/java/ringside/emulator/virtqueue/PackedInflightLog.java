package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import ringside.emulator.memory.Le;

/**
 * Which requests of a packed ring are between available and used, kept in memory that outlives this process. Unlike a
 * split ring, a packed one loses the descriptors of a request when another one is used first, and nowhere says how far the
 * device has come; so the record holds both. One thread at a time; does not allocate per request.
 *
 * <p>Layout of a queue: {features u64, version u16, desc_num u16, free_head u16, old_free_head u16, used_idx u16,
 * old_used_idx u16, used_wrap_counter u8, old_used_wrap_counter u8, padding}, then per descriptor {inflight u8, padding,
 * next u16, last u16, num u16, counter u64, id u16, flags u16, len u32, addr u64}. The steps are those of QEMU
 * docs/interop/vhost-user.rst. What belongs together is written in one store, so that no kill comes between.
 *
 * <p>The region is the peer's memory, too. It is read by {@link #recover} only, and checked there; afterwards the copies
 * here are what counts.
 */
final class PackedInflightLog {
    private static final int HEADER_BYTES = 32;
    private static final int ENTRY_BYTES = 32;
    private static final int QUEUE_ALIGN = 64;
    private static final int VERSION_AT = 8;
    private static final int DESC_NUM_AT = 10;
    /** free_head and old_free_head. */
    private static final int FREE_HEADS_AT = 12;
    /** used_idx, old_used_idx and both wrap counters. */
    private static final int USED_AT = 16;

    private static final int NEXT_AT = 2;
    private static final int LAST_AT = 4;
    private static final int NUM_AT = 6;
    private static final int COUNTER_AT = 8;
    private static final int ID_AT = 16;
    private static final int FLAGS_AT = 18;
    private static final int LEN_AT = 20;
    private static final int ADDR_AT = 24;
    private static final int VERSION = 1;

    private final MemorySegment region;
    private final int size;
    /** Next entry, of the free list as of the list of a request. */
    private final int[] next;
    /** By the first entry of a request: its last one. */
    private final int[] last;
    /** By buffer id: the first entry. */
    private final int[] entryOf;

    private int freeHead;
    private int usedPosition;
    private long counter;

    /** A request to be handled again: its descriptors as they were. */
    record Request(int entry, int id, long counter, long[] addr, long[] tail) {}

    /**
     * @param region memory of this queue, {@link #bytes} long; zero or left by an earlier back-end
     * @param size entries of the ring
     */
    PackedInflightLog(MemorySegment region, int size) {
        if (region.byteSize() < bytes(size)) {
            throw new IllegalArgumentException("an in-flight region of " + region.byteSize()
                    + " bytes is too small for a packed queue of " + size + " entries");
        }
        this.region = region;
        this.size = size;
        this.next = new int[size];
        this.last = new int[size];
        this.entryOf = new int[size];
    }

    static long bytes(int size) {
        return (HEADER_BYTES + (long) ENTRY_BYTES * size + QUEUE_ALIGN - 1) / QUEUE_ALIGN * QUEUE_ALIGN;
    }

    private static long entry(int index) {
        return HEADER_BYTES + (long) ENTRY_BYTES * index;
    }

    /**
     * Takes up what an earlier back-end left, or begins a record.
     *
     * @param position where the device stands according to the transport; counts when there is no record yet
     * @param handedOver whether the descriptor at a position was given to the driver, or back by it since
     * @return requests to be handled again, in the order in which they were taken
     * @throws IllegalArgumentException when the record contradicts itself
     */
    List<Request> recover(int position, IntPredicate handedOver) {
        if (Le.get16(region, VERSION_AT) != VERSION || Le.get16(region, DESC_NUM_AT) != size) {
            initialise(position);
            return List.of();
        }
        settleLastBatch(handedOver);
        boolean[] free = freeEntries();
        List<Request> requests = new ArrayList<>();
        int entries = 0;
        for (int e = 0; e < size; e++) {
            if (!free[e] && Le.get8(region, entry(e)) != 0) {
                Request request = read(e, free);
                requests.add(request);
                entries += request.tail().length;
            }
        }
        requests.sort(Comparator.comparingLong(Request::counter));
        checkComplete(requests, entries, free);
        counter = requests.isEmpty() ? 0 : requests.getLast().counter() + 1;
        return requests;
    }

    /** Where the device will write the next used descriptor; after {@link #recover}. */
    int usedPosition() {
        return usedPosition;
    }

    private void initialise(int position) {
        region.fill((byte) 0);
        for (int i = 0; i < size; i++) {
            link(i, i + 1);
        }
        usedPosition = position;
        freeHead = 0;
        Le.put16(region, DESC_NUM_AT, size);
        putUsed(position, position);
        VarHandle.releaseFence();
        Le.put16(region, VERSION_AT, VERSION);
    }

    /** The last batch was perhaps given to the driver and not taken off the record, or entered there and not given. */
    private void settleLastBatch(IntPredicate handedOver) {
        long used = Le.get64(region, USED_AT);
        int newPosition = position((int) used & 0xffff, (int) (used >>> 32) & 0xff);
        int oldPosition = position((int) (used >>> 16) & 0xffff, (int) (used >>> 40) & 0xff);
        int heads = Le.get32(region, FREE_HEADS_AT);
        boolean committed = newPosition != oldPosition && handedOver.test(oldPosition);
        usedPosition = committed ? newPosition : oldPosition;
        freeHead = committed ? heads & 0xffff : heads >>> 16;
        putFree(freeHead, freeHead);
        VarHandle.releaseFence();
        putUsed(usedPosition, usedPosition);
    }

    private int position(int offset, int wrap) {
        if (offset >= size) {
            throw corrupt("an index of " + offset);
        }
        return wrap != 0 ? offset : offset + size;
    }

    /** Walks the free list. Its entries are not in flight, whatever they say. */
    private boolean[] freeEntries() {
        boolean[] free = new boolean[size];
        int index = freeHead;
        while (index < size && !free[index]) {
            free[index] = true;
            Le.put8(region, entry(index), 0);
            next[index] = Le.get16(region, entry(index) + NEXT_AT);
            index = next[index];
        }
        return free;
    }

    private Request read(int first, boolean[] free) {
        int count = Le.get16(region, entry(first) + NUM_AT);
        if (count < 1 || count > size) {
            throw corrupt("a list of " + count + " descriptors");
        }
        long[] addr = new long[count];
        long[] tail = new long[count];
        int index = first;
        int end = first;
        for (int i = 0; i < count; i++) {
            if (index >= size || free[index]) {
                throw corrupt("a list that is partly free");
            }
            long at = entry(index);
            addr[i] = Le.get64(region, at + ADDR_AT);
            tail[i] = PvirtqDesc.tail(
                    Integer.toUnsignedLong(Le.get32(region, at + LEN_AT)),
                    Le.get16(region, at + ID_AT),
                    Le.get16(region, at + FLAGS_AT));
            end = index;
            next[index] = Le.get16(region, at + NEXT_AT);
            index = next[index];
        }
        int id = PvirtqDesc.id(tail[count - 1]);
        if (id >= size) {
            throw corrupt("a buffer id of " + id);
        }
        last[first] = end;
        entryOf[id] = first;
        return new Request(first, id, Le.get64(region, entry(first) + COUNTER_AT), addr, tail);
    }

    /** Every entry is free or belongs to exactly one request, and no id is in flight twice. */
    private void checkComplete(List<Request> requests, int entries, boolean[] free) {
        boolean[] seen = free.clone();
        int count = 0;
        for (boolean is : free) {
            count += is ? 1 : 0;
        }
        boolean[] ids = new boolean[size];
        for (Request request : requests) {
            int index = request.entry();
            for (int i = 0; i < request.tail().length; i++) {
                if (seen[index]) {
                    throw corrupt("two requests in one place");
                }
                seen[index] = true;
                index = next[index];
            }
            if (ids[request.id()]) {
                throw corrupt("buffer id " + request.id() + " twice");
            }
            ids[request.id()] = true;
        }
        if (count + entries != size) {
            throw corrupt((size - count - entries) + " entries that are neither free nor in flight");
        }
    }

    private static IllegalArgumentException corrupt(String what) {
        return new IllegalArgumentException("the in-flight record of a packed queue holds " + what
                + ": it is not ours or was overwritten; start the front-end again");
    }

    /** A request was taken off the ring. Entered when old_free_head has moved, not before. */
    void taken(int id, long[] addr, long[] tail, int count) {
        int first = freeHead;
        int index = first;
        int end = first;
        for (int i = 0; i < count; i++) {
            long at = entry(index);
            Le.put64(region, at + ADDR_AT, addr[i]);
            Le.put32(region, at + LEN_AT, (int) PvirtqDesc.len(tail[i]));
            Le.put16(region, at + ID_AT, PvirtqDesc.id(tail[i]));
            Le.put16(region, at + FLAGS_AT, PvirtqDesc.flags(tail[i]));
            end = index;
            index = next[index];
        }
        Le.put16(region, entry(first) + LAST_AT, end);
        Le.put16(region, entry(first) + NUM_AT, count);
        Le.put64(region, entry(first) + COUNTER_AT, counter++);
        last[first] = end;
        entryOf[id] = first;
        freeHead = index;
        VarHandle.releaseFence();
        Le.put8(region, entry(first), 1);
        VarHandle.releaseFence();
        putFree(freeHead, freeHead);
    }

    /** A batch is about to be given to the driver: its entries are freed, but not yet for good. */
    void using(int[] ids, int count, int newPosition) {
        int oldHead = freeHead;
        for (int i = 0; i < count; i++) {
            int first = entryOf[ids[i]];
            link(last[first], freeHead);
            freeHead = first;
        }
        VarHandle.releaseFence();
        putFree(freeHead, oldHead);
        VarHandle.releaseFence();
        putUsed(newPosition, usedPosition);
        VarHandle.releaseFence();
    }

    /** The batch was given to the driver. */
    void used(int[] ids, int count, int newPosition) {
        VarHandle.releaseFence();
        for (int i = 0; i < count; i++) {
            Le.put8(region, entry(entryOf[ids[i]]), 0);
        }
        usedPosition = newPosition;
        VarHandle.releaseFence();
        putFree(freeHead, freeHead);
        VarHandle.releaseFence();
        putUsed(newPosition, newPosition);
    }

    /** Whoever comes next hears from the transport where to go on. Only with nothing in flight. */
    void release() {
        VarHandle.releaseFence();
        Le.put16(region, VERSION_AT, 0);
    }

    private void link(int index, int to) {
        next[index] = to;
        Le.put16(region, entry(index) + NEXT_AT, to);
    }

    private void putFree(int head, int oldHead) {
        Le.put32(region, FREE_HEADS_AT, head | oldHead << 16);
    }

    private void putUsed(int position, int oldPosition) {
        long offsets = RingPosition.offset(position, size) | (long) RingPosition.offset(oldPosition, size) << 16;
        long wraps =
                (RingPosition.wrap(position, size) ? 1L : 0) | (RingPosition.wrap(oldPosition, size) ? 1L << 8 : 0);
        Le.put64(region, USED_AT, offsets | wraps << 32);
    }
}
