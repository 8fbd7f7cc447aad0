package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.stream.IntStream;
import ringside.emulator.memory.Le;

/**
 * Which requests of a split ring are between available and used, kept in memory that outlives this process (vhost-user:
 * VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD). After a crash the next back-end repeats exactly these, in their order. One
 * thread at a time; does not allocate.
 *
 * <p>Layout of a queue: {features u64, version u16, desc_num u16, last_batch_head u16, used_idx u16}, then per descriptor
 * {inflight u8, padding, next u16, counter u64}. The steps are those of QEMU docs/interop/vhost-user.rst.
 */
final class InflightLog {
    private static final int HEADER_BYTES = 16;
    private static final int ENTRY_BYTES = 16;
    private static final int QUEUE_ALIGN = 64;
    private static final int VERSION_AT = 8;
    private static final int DESC_NUM_AT = 10;
    private static final int LAST_BATCH_HEAD_AT = 12;
    private static final int USED_IDX_AT = 14;
    private static final int NEXT_AT = 6;
    private static final int COUNTER_AT = 8;
    private static final int VERSION = 1;

    private final MemorySegment region;
    private final int size;
    private long counter;

    /**
     * @param region memory of this queue, {@link #bytes} long; zero or left by an earlier back-end
     * @param size entries of the ring
     */
    InflightLog(MemorySegment region, int size) {
        if (region.byteSize() < bytes(size)) {
            throw new IllegalArgumentException("an in-flight region of " + region.byteSize()
                    + " bytes is too small for a queue of " + size + " entries");
        }
        this.region = region;
        this.size = size;
    }

    /** Bytes for a queue of this size. */
    static long bytes(int size) {
        return (HEADER_BYTES + (long) ENTRY_BYTES * size + QUEUE_ALIGN - 1) / QUEUE_ALIGN * QUEUE_ALIGN;
    }

    private static long entry(int head) {
        return HEADER_BYTES + (long) ENTRY_BYTES * head;
    }

    /**
     * Takes up what an earlier back-end left.
     *
     * @param usedIdx used.idx as the ring says
     * @return heads to be handled again, in the order in which they were taken
     */
    int[] recover(int usedIdx) {
        if (Le.get16(region, VERSION_AT) != VERSION || Le.get16(region, DESC_NUM_AT) != size) {
            initialise(usedIdx);
            return new int[0];
        }
        finishBatch(usedIdx);
        int[] heads = IntStream.range(0, size)
                .filter(head -> Le.get8(region, entry(head)) != 0)
                .boxed()
                .sorted(Comparator.comparingLong(head -> Le.get64(region, entry(head) + COUNTER_AT)))
                .mapToInt(Integer::intValue)
                .toArray();
        counter = heads.length == 0 ? 0 : Le.get64(region, entry(heads[heads.length - 1]) + COUNTER_AT) + 1;
        return heads;
    }

    private void initialise(int usedIdx) {
        region.fill((byte) 0);
        Le.put16(region, DESC_NUM_AT, size);
        Le.put16(region, USED_IDX_AT, usedIdx);
        VarHandle.releaseFence();
        Le.put16(region, VERSION_AT, VERSION);
    }

    /** The last batch was used but perhaps not taken off the record: the list from last_batch_head names it. */
    private void finishBatch(int usedIdx) {
        int batch = (usedIdx - Le.get16(region, USED_IDX_AT)) & 0xffff;
        int head = Le.get16(region, LAST_BATCH_HEAD_AT);
        for (int i = 0; i < batch && i < size && head < size; i++) {
            Le.put8(region, entry(head), 0);
            head = Le.get16(region, entry(head) + NEXT_AT);
        }
        VarHandle.releaseFence();
        Le.put16Release(region, USED_IDX_AT, usedIdx);
    }

    /** A head was taken off the available ring. */
    void taken(int head) {
        long entry = entry(head);
        Le.put64(region, entry + COUNTER_AT, counter++);
        VarHandle.releaseFence();
        Le.put8(region, entry, 1);
    }

    /** A used element was written; used.idx does not show it yet. */
    void completing(int head) {
        Le.put16(region, entry(head) + NEXT_AT, Le.get16(region, LAST_BATCH_HEAD_AT));
        VarHandle.releaseFence();
        Le.put16(region, LAST_BATCH_HEAD_AT, head);
    }

    /** used.idx shows the last so many completions. */
    void used(int batch, int usedIdx) {
        VarHandle.releaseFence();
        int head = Le.get16(region, LAST_BATCH_HEAD_AT);
        // The region is the peer's memory, too: a head in it is as trustworthy as one in the ring.
        for (int i = 0; i < batch && head < size; i++) {
            long entry = entry(head);
            Le.put8(region, entry, 0);
            head = Le.get16(region, entry + NEXT_AT);
        }
        Le.put16Release(region, USED_IDX_AT, usedIdx);
    }
}
