package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import ringside.emulator.memory.DirtyLog;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.Le;

/**
 * Device side of a split virtqueue (VIRTIO-1.2 §2.7). One thread at a time (the loop that owns the queue, or whoever
 * holds the big lock). No method allocates in steady state.
 *
 * <p><b>Ordering.</b> Three hand-overs, each with its own rule:
 *
 * <ul>
 *   <li>avail.idx is read with acquire, so ring entries, descriptors and buffers that the driver wrote before its
 *       release are visible.
 *   <li>used.idx is written with release, after elements, data and status.
 *   <li>Notification decisions are Dekker-like: each side stores its index, then loads the other's event index. A full
 *       fence stands between the two; release and acquire would allow the load to pass the store and both sides to
 *       sleep.
 * </ul>
 *
 * <p><b>Hostile guests.</b> Everything is read once and checked: index jumps, heads, next, lengths, addresses. After a
 * fault the owner must not call {@link #nextHead} again before a reset.
 */
public final class SplitVirtqueue implements Virtqueue {
    private final GuestMemory memory;
    private final MemorySegment ram;
    private final long hostBase;
    private final int size;
    private final int mask;
    private final boolean indirect;
    private final boolean eventIdx;
    /** Null without VIRTIO_F_IN_ORDER. */
    private final InOrder inOrder;

    private final long desc;
    private final long avail;
    private final long used;

    /** Next entry to take; 16 bits. */
    private int lastAvail;
    /** avail.idx as last read. */
    private int shadowAvail;
    /** Next used element to write; 16 bits, ahead of the published used.idx. */
    private int nextUsed;
    /** First element of those that {@link InOrder} gathers. */
    private int gatherAt;
    /** used.idx as published. */
    private int publishedUsed;
    /** used.idx at the last notification decision. */
    private int decidedUsed;

    /** Anybody must hear of each request: {@link #inOrder}, {@link #inflight} or the log of used elements. */
    private boolean watched;

    private boolean notificationOff;
    private ChainFault fault;

    /** Most entries of an indirect table; by the specification those of the ring. */
    private int largestTable;

    /** Record of what is in flight, or null when the transport keeps none. */
    private InflightLog inflight;

    /** Heads to be handled again after a crash, before the ring goes on. */
    private int[] again = {};

    private int nextAgain;

    /** Where writes to guest memory are logged, or null. */
    private DirtyLog dirtyLog;

    /** Address under which the used ring is logged, or {@link #NOT_LOGGED}. */
    private long usedLogGpa = NOT_LOGGED;

    SplitVirtqueue(GuestMemory memory, VirtqueueConfig config) {
        this.memory = memory;
        this.ram = memory.ram();
        this.hostBase = memory.hostAddress();
        this.size = config.size();
        this.mask = size - 1;
        this.largestTable = size;
        this.indirect = config.features().indirect();
        this.eventIdx = config.features().eventIdx();
        this.inOrder = config.features().inOrder() ? new InOrder(size) : null;
        this.desc = memory.translate(config.descGpa(), (long) VirtqDesc.BYTES * size);
        this.avail = memory.translate(config.driverGpa(), VirtqAvail.bytes(size));
        this.used = memory.translate(config.deviceGpa(), VirtqUsed.bytes(size));
        watch();
    }

    @Override
    public int resume(int base, MemorySegment record) {
        int usedIndex = Le.get16(ram, used + VirtqUsed.IDX_OFFSET);
        nextUsed = usedIndex;
        publishedUsed = usedIndex;
        decidedUsed = usedIndex;
        lastAvail = base & 0xffff;
        if (record != null) {
            inflight = new InflightLog(record, size);
            watch();
            again = inflight.recover(usedIndex);
            // The front-end cannot know what was taken and not used. Only the record does.
            lastAvail = (usedIndex + again.length) & 0xffff;
        }
        shadowAvail = lastAvail;
        return again.length;
    }

    @Override
    public void acceptTables(int entries) {
        largestTable = entries;
    }

    /** Nothing to do: the used ring itself says how far the device has come. */
    @Override
    public void releaseRecord() {}

    @Override
    public int base() {
        return lastAvail;
    }

    @Override
    public void logWrites(DirtyLog log, long usedGpa) {
        dirtyLog = log;
        usedLogGpa = log == null ? NOT_LOGGED : usedGpa;
        watch();
    }

    @Override
    public void logWritten(DescriptorChain chain) {
        if (dirtyLog != null) {
            chain.logWritten(dirtyLog, memory);
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public ChainFault fault() {
        return fault;
    }

    @Override
    public int nextHead() {
        if (nextAgain < again.length) {
            return keepOrder(again[nextAgain++]);
        }
        if (lastAvail == shadowAvail) {
            shadowAvail = VirtqAvail.idxAcquire(ram, avail);
            int ahead = (shadowAvail - lastAvail) & 0xffff;
            if (ahead == 0) {
                return EMPTY;
            }
            if (ahead > size) {
                return fail(ChainFault.AVAIL_INDEX_JUMP);
            }
        }
        int head = VirtqAvail.ring(ram, avail, lastAvail & mask);
        if (head >= size) {
            return fail(ChainFault.HEAD_OUT_OF_RANGE);
        }
        lastAvail = (lastAvail + 1) & 0xffff;
        return watched ? watchTaken(head) : head;
    }

    private int watchTaken(int head) {
        if (inflight != null) {
            inflight.taken(head);
        }
        return keepOrder(head);
    }

    private int keepOrder(int head) {
        if (inOrder != null) {
            if (inOrder.isTaken(head)) {
                return fail(ChainFault.HEAD_PENDING);
            }
            inOrder.taken(head);
        }
        return head;
    }

    @Override
    public boolean readChain(int head, DescriptorChain chain) {
        chain.clear();
        fault = walk(head, chain);
        if (watched && inOrder != null) {
            inOrder.writable(head, chain.writableBytes());
        }
        return fault == null;
    }

    @Override
    public int fail(ChainFault reason) {
        fault = reason;
        return FAULT;
    }

    /** The ring's own table, at the end of which a reference to an indirect one may stand (VIRTIO-1.2 §2.7.5.3.2). */
    private ChainFault walk(int head, DescriptorChain chain) {
        int index = head;
        for (int hops = 0; hops < size; hops++) {
            long entry = desc + (long) VirtqDesc.BYTES * index;
            long addr = VirtqDesc.addr(ram, entry);
            long tail = VirtqDesc.tail(ram, entry);
            int flags = VirtqDesc.flags(tail);
            if ((flags & VirtqDesc.VIRTQ_DESC_F_INDIRECT) != 0) {
                return walkIndirect(chain, addr, VirtqDesc.len(tail), flags);
            }
            ChainFault bad = append(chain, addr, tail, flags);
            if (bad != null) {
                return bad;
            }
            if ((flags & VirtqDesc.VIRTQ_DESC_F_NEXT) == 0) {
                return null;
            }
            index = VirtqDesc.next(tail);
            if (index >= size) {
                return ChainFault.NEXT_OUT_OF_RANGE;
            }
        }
        return ChainFault.CHAIN_TOO_LONG;
    }

    /** A loop of its own: one for both kinds of table, whose bounds change on the way, takes half as long again. */
    private ChainFault walkIndirect(DescriptorChain chain, long gpa, long lengthBytes, int reference) {
        ChainFault wrong = checkIndirect(reference, lengthBytes);
        if (wrong != null) {
            return wrong;
        }
        long table = memory.translate(gpa, lengthBytes);
        if (table < 0) {
            return ChainFault.OUTSIDE_MEMORY;
        }
        int entries = (int) (lengthBytes / VirtqDesc.BYTES);
        int longest = largestTable;
        int index = 0;
        for (int hops = chain.segments(); hops < longest; hops++) {
            long entry = table + (long) VirtqDesc.BYTES * index;
            long addr = VirtqDesc.addr(ram, entry);
            long tail = VirtqDesc.tail(ram, entry);
            int flags = VirtqDesc.flags(tail);
            if ((flags & VirtqDesc.VIRTQ_DESC_F_INDIRECT) != 0) {
                return ChainFault.INDIRECT_NESTED;
            }
            ChainFault bad = append(chain, addr, tail, flags);
            if (bad != null) {
                return bad;
            }
            if ((flags & VirtqDesc.VIRTQ_DESC_F_NEXT) == 0) {
                return null;
            }
            index = VirtqDesc.next(tail);
            if (index >= entries) {
                return ChainFault.NEXT_OUT_OF_RANGE;
            }
        }
        return ChainFault.CHAIN_TOO_LONG;
    }

    /** The WRITE flag of the descriptor that refers to a table is ignored (VIRTIO-1.2 §2.7.5.3.2). */
    private ChainFault checkIndirect(int flags, long len) {
        if (!indirect) {
            return ChainFault.INDIRECT_NOT_NEGOTIATED;
        }
        if ((flags & VirtqDesc.VIRTQ_DESC_F_NEXT) != 0) {
            return ChainFault.INDIRECT_AND_NEXT;
        }
        boolean wrongLength = len == 0 || len % VirtqDesc.BYTES != 0 || len / VirtqDesc.BYTES > largestTable;
        return wrongLength ? ChainFault.INDIRECT_TABLE_LENGTH : null;
    }

    private ChainFault append(DescriptorChain chain, long addr, long tail, int flags) {
        long len = VirtqDesc.len(tail);
        if (len == 0) {
            return ChainFault.ZERO_LENGTH;
        }
        if (len > Integer.MAX_VALUE) {
            return ChainFault.DESCRIPTOR_TOO_LONG;
        }
        long offset = memory.translate(addr, len);
        if (offset < 0) {
            return ChainFault.OUTSIDE_MEMORY;
        }
        return chain.append(hostBase + offset, (int) len, (flags & VirtqDesc.VIRTQ_DESC_F_WRITE) != 0);
    }

    @Override
    public void addUsed(int head, int lengthBytes) {
        if (watched) {
            addWatched(head, lengthBytes);
            return;
        }
        VirtqUsed.putElement(ram, used, nextUsed & mask, head, lengthBytes);
        nextUsed = (nextUsed + 1) & 0xffff;
    }

    private void addWatched(int head, int lengthBytes) {
        if (inOrder == null) {
            putElement(nextUsed, head, lengthBytes);
            completing(head);
            return;
        }
        inOrder.completed(head, lengthBytes);
        for (int done = inOrder.next(); done != InOrder.NONE; done = inOrder.next()) {
            if (!inOrder.joins()) {
                putGathered();
            }
            if (!inOrder.hasBatch()) {
                gatherAt = nextUsed;
            }
            inOrder.gather(done);
            completing(done);
        }
    }

    private void completing(int head) {
        nextUsed = (nextUsed + 1) & 0xffff;
        if (inflight != null) {
            inflight.completing(head);
        }
    }

    /** One element, where the first buffer of the batch would have one, for all of it (VIRTIO-1.2 §2.7.9). */
    private void putGathered() {
        putElement(gatherAt, inOrder.batchHead(), inOrder.batchLength());
        inOrder.batchWritten();
    }

    private void putElement(int index, int head, int lengthBytes) {
        int slot = index & mask;
        VirtqUsed.putElement(ram, used, slot, head, lengthBytes);
        if (usedLogGpa != NOT_LOGGED) {
            dirtyLog.mark(usedLogGpa + VirtqUsed.elementOffset(slot), VirtqUsed.ELEMENT_BYTES);
        }
    }

    @Override
    public void publishUsed() {
        if (watched && inOrder != null && inOrder.hasBatch()) {
            putGathered();
        }
        if (publishedUsed != nextUsed) {
            int batch = (nextUsed - publishedUsed) & 0xffff;
            publishedUsed = nextUsed;
            VirtqUsed.putIdxRelease(ram, used, nextUsed);
            if (watched) {
                watchPublished(batch);
            }
        }
    }

    private void watchPublished(int batch) {
        if (inflight != null) {
            inflight.used(batch, nextUsed);
        }
        if (usedLogGpa != NOT_LOGGED) {
            dirtyLog.mark(usedLogGpa + VirtqUsed.IDX_OFFSET, Short.BYTES);
        }
    }

    /** Whoever serves a machine of our own has none of the three, and asks once. */
    private void watch() {
        watched = inOrder != null || inflight != null || usedLogGpa != NOT_LOGGED;
    }

    @Override
    public boolean hasUnannounced() {
        return publishedUsed != decidedUsed;
    }

    @Override
    public boolean isAwaited() {
        return eventIdx && VirtqAvail.usedEvent(ram, avail, size) == publishedUsed;
    }

    @Override
    public boolean needsNotification() {
        int oldIndex = decidedUsed;
        decidedUsed = publishedUsed;
        // used.idx must be visible before the driver's event index is read: the driver stores the event index, then
        // re-reads used.idx. Without a store-load barrier both could miss each other.
        VarHandle.fullFence();
        if (eventIdx) {
            return EventIndex.crossed(VirtqAvail.usedEvent(ram, avail, size), publishedUsed, oldIndex);
        }
        return (VirtqAvail.flags(ram, avail) & VirtqAvail.VIRTQ_AVAIL_F_NO_INTERRUPT) == 0;
    }

    @Override
    public void disableNotification() {
        if (!notificationOff) {
            notificationOff = true;
            // With EVENT_IDX the event index simply stays behind; used.flags must remain 0 (§2.7.10.2).
            if (!eventIdx) {
                VirtqUsed.putFlags(ram, used, VirtqUsed.VIRTQ_USED_F_NO_NOTIFY);
            }
        }
    }

    @Override
    public boolean enableNotification() {
        notificationOff = false;
        if (eventIdx) {
            VirtqUsed.putAvailEvent(ram, used, size, lastAvail);
        } else {
            VirtqUsed.putFlags(ram, used, 0);
        }
        // The request must be visible before avail.idx is read again: mirror image of the driver's publish and check.
        VarHandle.fullFence();
        return nextAgain < again.length || VirtqAvail.idxAcquire(ram, avail) != lastAvail;
    }
}
