package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import ringside.emulator.memory.DirtyLog;
import ringside.emulator.memory.GuestMemory;

/**
 * Device side of a packed virtqueue (VIRTIO-1.2 §2.8). One thread at a time (the loop that owns the queue, or whoever holds
 * the big lock). No method allocates in steady state.
 *
 * <p><b>Heads are buffer ids.</b> The id of a request is in the last descriptor of its list, so {@link #nextHead} copies the
 * whole list before it knows whose it is, and {@link #readChain} checks that copy. Nothing of the ring is read twice.
 *
 * <p><b>Ordering.</b> One location per side: the tail of the next descriptor.
 *
 * <ul>
 *   <li>The tail of a list's first descriptor is read with acquire, so the rest of the list and its buffers are visible.
 *   <li>Of a batch of used descriptors the first one's tail is written last, with release: a driver looks at no later one
 *       before.
 *   <li>Notification decisions as in {@link SplitVirtqueue}: a full fence between one's own hand-over and the load of the
 *       other side's event suppression.
 * </ul>
 *
 * <p><b>Hostile guests.</b> Ids, the length of lists, addresses and the ownership of each descriptor are checked; what the
 * device has not used yet is counted here, so a list cannot run into it. After a fault the owner must not call
 * {@link #nextHead} again before a reset.
 */
public final class PackedVirtqueue implements Virtqueue {
    private static final int INITIAL_LIST = 4;
    private static final int NO_BATCH = -1;

    private final GuestMemory memory;
    private final MemorySegment ram;
    private final long hostBase;
    private final int size;
    private final boolean indirect;
    private final boolean eventIdx;
    private final long ring;
    private final long ringGpa;
    private final long driverEvent;
    private final long deviceEvent;

    /** By buffer id: ring descriptors of its list, 0 when it is not taken. */
    private final int[] listLength;

    /** Null without VIRTIO_F_IN_ORDER. */
    private final InOrder inOrder;

    /** Copy of the list at which {@link #nextHead} looked last. */
    private long[] listAddr = new long[INITIAL_LIST];

    private long[] listTail = new long[INITIAL_LIST];
    private int listCount;

    /** Positions, see {@link RingPosition}: next descriptor to take, to write as used, and behind the last visible one. */
    private int nextAvail;

    private int nextUsed;
    private int published;

    /** Ring descriptors taken, of which the driver does not see that they were used. */
    private int taken;

    /** First descriptor of the batch that the driver does not see yet, or {@link #NO_BATCH}, and what it will say. */
    private int batchAt = NO_BATCH;

    private long batchTail;

    /** Position of the first descriptor of those that {@link InOrder} gathers. */
    private int gatherAt;

    /** Descriptors that became visible since the last notification decision. */
    private int unannounced;

    private boolean notificationOff;
    private ChainFault fault;
    private int largestTable;

    /** Record of what is in flight, or null when the transport keeps none; and the batch that it must hear of. */
    private PackedInflightLog inflight;

    private int[] batch = {};
    private int batchCount;

    private List<PackedInflightLog.Request> again = List.of();
    private int nextAgain;

    private DirtyLog dirtyLog;
    private long usedLogGpa = NOT_LOGGED;

    PackedVirtqueue(GuestMemory memory, VirtqueueConfig config) {
        this.memory = memory;
        this.ram = memory.ram();
        this.hostBase = memory.hostAddress();
        this.size = config.size();
        this.largestTable = size;
        this.indirect = config.features().indirect();
        this.eventIdx = config.features().eventIdx();
        this.ringGpa = config.descGpa();
        this.ring = memory.translate(ringGpa, (long) PvirtqDesc.BYTES * size);
        this.driverEvent = memory.translate(config.driverGpa(), PvirtqEventSuppress.BYTES);
        this.deviceEvent = memory.translate(config.deviceGpa(), PvirtqEventSuppress.BYTES);
        this.listLength = new int[size];
        this.inOrder = config.features().inOrder() ? new InOrder(size) : null;
    }

    @Override
    public int resume(int base, MemorySegment record) {
        nextAvail = Math.max(0, RingPosition.decode(base, size));
        nextUsed = Math.max(0, RingPosition.decode(base >>> 16, size));
        if (record != null) {
            inflight = new PackedInflightLog(record, size);
            batch = new int[size];
            again = inflight.recover(nextUsed, this::isHandedOver);
            nextUsed = inflight.usedPosition();
            nextAvail = RingPosition.advance(nextUsed, descriptorsOf(again), size);
            takeBackUnseen();
        }
        taken = Math.min(size, RingPosition.distance(nextUsed, nextAvail, size));
        published = nextUsed;
        return again.size();
    }

    private static int descriptorsOf(List<PackedInflightLog.Request> requests) {
        return requests.stream().mapToInt(request -> request.tail().length).sum();
    }

    private boolean isHandedOver(int position) {
        return !PvirtqDesc.isAvailable(PvirtqDesc.tailAcquire(ram, entry(position)), RingPosition.wrap(position, size));
    }

    /**
     * A back-end that was killed may have written used descriptors behind one that the driver never saw. They must not
     * become visible with the next one that we write there.
     */
    private void takeBackUnseen() {
        for (int p = nextUsed; p != nextAvail; p = RingPosition.advance(p, 1, size)) {
            boolean wrap = RingPosition.wrap(p, size);
            long tail = PvirtqDesc.tailAcquire(ram, entry(p));
            if (PvirtqDesc.isUsed(tail, wrap)) {
                PvirtqDesc.putTailRelease(
                        ram,
                        entry(p),
                        PvirtqDesc.tail(PvirtqDesc.len(tail), PvirtqDesc.id(tail), PvirtqDesc.available(wrap)));
            }
        }
    }

    @Override
    public void releaseRecord() {
        if (inflight != null && taken == 0) {
            inflight.release();
        }
    }

    @Override
    public void acceptTables(int entries) {
        largestTable = entries;
    }

    @Override
    public int base() {
        return RingPosition.encode(nextAvail, size) | RingPosition.encode(published, size) << 16;
    }

    @Override
    public void logWrites(DirtyLog log, long usedGpa) {
        dirtyLog = log;
        usedLogGpa = log == null ? NOT_LOGGED : usedGpa;
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

    private long entry(int position) {
        return ring + (long) PvirtqDesc.BYTES * RingPosition.offset(position, size);
    }

    @Override
    public int nextHead() {
        if (nextAgain < again.size()) {
            return takeAgain(again.get(nextAgain++));
        }
        long tail = PvirtqDesc.tailAcquire(ram, entry(nextAvail));
        if (!PvirtqDesc.isAvailable(tail, RingPosition.wrap(nextAvail, size))) {
            return EMPTY;
        }
        int behind = copyList(tail);
        return behind < 0 ? FAULT : take(behind);
    }

    /** Copies the list that begins at the next descriptor. Returns the position behind it, or {@link #FAULT}. */
    private int copyList(long firstTail) {
        long tail = firstTail;
        int position = nextAvail;
        int count = 0;
        while (true) {
            if (taken + count >= size) {
                return fail(count >= size ? ChainFault.CHAIN_TOO_LONG : ChainFault.RING_OVERRUN);
            }
            if (count == listTail.length) {
                grow();
            }
            listAddr[count] = PvirtqDesc.addr(ram, entry(position));
            listTail[count] = tail;
            count++;
            position = RingPosition.advance(position, 1, size);
            if ((PvirtqDesc.flags(tail) & PvirtqDesc.VIRTQ_DESC_F_NEXT) == 0) {
                listCount = count;
                return position;
            }
            tail = PvirtqDesc.tail(ram, entry(position));
            if (!PvirtqDesc.isAvailable(tail, RingPosition.wrap(position, size))) {
                return fail(count >= size ? ChainFault.CHAIN_TOO_LONG : ChainFault.LIST_INCOMPLETE);
            }
        }
    }

    private void grow() {
        listAddr = Arrays.copyOf(listAddr, 2 * listAddr.length);
        listTail = Arrays.copyOf(listTail, 2 * listTail.length);
    }

    private int take(int behind) {
        int id = PvirtqDesc.id(listTail[listCount - 1]);
        if (id >= size) {
            return fail(ChainFault.HEAD_OUT_OF_RANGE);
        }
        if (listLength[id] != 0) {
            return fail(ChainFault.HEAD_PENDING);
        }
        nextAvail = behind;
        taken += listCount;
        if (inflight != null) {
            inflight.taken(id, listAddr, listTail, listCount);
        }
        return begin(id);
    }

    private int takeAgain(PackedInflightLog.Request request) {
        listAddr = request.addr();
        listTail = request.tail();
        listCount = listTail.length;
        return begin(request.id());
    }

    private int begin(int id) {
        listLength[id] = listCount;
        if (inOrder != null) {
            inOrder.taken(id);
        }
        return id;
    }

    /** Only for the head that {@link #nextHead} returned last. */
    @Override
    public boolean readChain(int head, DescriptorChain chain) {
        chain.clear();
        fault = checkList(chain);
        if (inOrder != null) {
            inOrder.writable(head, chain.writableBytes());
        }
        return fault == null;
    }

    @Override
    public int fail(ChainFault reason) {
        fault = reason;
        return FAULT;
    }

    private ChainFault checkList(DescriptorChain chain) {
        for (int i = 0; i < listCount; i++) {
            long tail = listTail[i];
            int flags = PvirtqDesc.flags(tail);
            if ((flags & PvirtqDesc.VIRTQ_DESC_F_INDIRECT) != 0) {
                return listCount == 1
                        ? readTable(chain, listAddr[i], PvirtqDesc.len(tail))
                        : ChainFault.INDIRECT_AND_NEXT;
            }
            ChainFault bad = append(chain, listAddr[i], tail, flags);
            if (bad != null) {
                return bad;
            }
        }
        return null;
    }

    /** All entries of a table in their order; no flag but WRITE means anything there (VIRTIO-1.2 §2.8.7). */
    private ChainFault readTable(DescriptorChain chain, long gpa, long lengthBytes) {
        if (!indirect) {
            return ChainFault.INDIRECT_NOT_NEGOTIATED;
        }
        long entries = lengthBytes / PvirtqDesc.BYTES;
        if (lengthBytes == 0 || lengthBytes % PvirtqDesc.BYTES != 0 || entries > largestTable) {
            return ChainFault.INDIRECT_TABLE_LENGTH;
        }
        long table = memory.translate(gpa, lengthBytes);
        if (table < 0) {
            return ChainFault.OUTSIDE_MEMORY;
        }
        long end = table + lengthBytes;
        for (long entry = table; entry < end; entry += PvirtqDesc.BYTES) {
            long addr = PvirtqDesc.addrInTable(ram, entry);
            long tail = PvirtqDesc.tailInTable(ram, entry);
            ChainFault bad = append(chain, addr, tail, PvirtqDesc.flags(tail));
            if (bad != null) {
                return bad;
            }
        }
        return null;
    }

    private ChainFault append(DescriptorChain chain, long addr, long tail, int flags) {
        long len = PvirtqDesc.len(tail);
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
        return chain.append(hostBase + offset, (int) len, (flags & PvirtqDesc.VIRTQ_DESC_F_WRITE) != 0);
    }

    @Override
    public void addUsed(int head, int lengthBytes) {
        if (inOrder == null) {
            putUsed(nextUsed, head, lengthBytes);
            skip(head);
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
            skip(done);
        }
    }

    /** One used descriptor, where the first buffer of the batch began, for all of it. */
    private void putGathered() {
        putUsed(gatherAt, inOrder.batchHead(), inOrder.batchLength());
        inOrder.batchWritten();
    }

    private void putUsed(int position, int id, int lengthBytes) {
        int written = lengthBytes == 0 ? 0 : PvirtqDesc.VIRTQ_DESC_F_WRITE;
        int flags = PvirtqDesc.used(RingPosition.wrap(position, size)) | written;
        long tail = PvirtqDesc.tail(lengthBytes, id, flags);
        if (batchAt == NO_BATCH) {
            batchAt = position;
            batchTail = tail;
        } else {
            PvirtqDesc.putTail(ram, entry(position), tail);
            logDescriptor(position);
        }
    }

    private void logDescriptor(int position) {
        if (usedLogGpa != NOT_LOGGED) {
            long offset = (long) PvirtqDesc.BYTES * RingPosition.offset(position, size);
            dirtyLog.mark(ringGpa + offset, PvirtqDesc.BYTES);
        }
    }

    /** The next used descriptor follows all of the list, of which only the first one is written. */
    private void skip(int id) {
        int length = listLength[id];
        nextUsed = RingPosition.advance(nextUsed, length, size);
        listLength[id] = 0;
        if (inflight != null) {
            batch[batchCount++] = id;
        }
    }

    @Override
    public void publishUsed() {
        if (inOrder != null && inOrder.hasBatch()) {
            putGathered();
        }
        if (batchAt == NO_BATCH) {
            return;
        }
        if (inflight != null) {
            inflight.using(batch, batchCount, nextUsed);
        }
        PvirtqDesc.putTailRelease(ram, entry(batchAt), batchTail);
        logDescriptor(batchAt);
        batchAt = NO_BATCH;
        int descriptors = RingPosition.distance(published, nextUsed, size);
        taken -= descriptors;
        unannounced += descriptors;
        published = nextUsed;
        if (inflight != null) {
            inflight.used(batch, batchCount, nextUsed);
            batchCount = 0;
        }
    }

    @Override
    public boolean hasUnannounced() {
        return unannounced != 0;
    }

    @Override
    public boolean isAwaited() {
        return eventIdx && PvirtqEventSuppress.awaits(PvirtqEventSuppress.read(ram, driverEvent), published, size);
    }

    @Override
    public boolean needsNotification() {
        int descriptors = unannounced;
        unannounced = 0;
        // The used descriptor must be visible before the driver's suppression is read: the driver stores that, then
        // looks
        // at the descriptor again. Without a store-load barrier both could miss each other.
        VarHandle.fullFence();
        int event = PvirtqEventSuppress.read(ram, driverEvent);
        return PvirtqEventSuppress.wanted(event, eventIdx, published, descriptors, size);
    }

    @Override
    public void disableNotification() {
        if (!notificationOff) {
            notificationOff = true;
            PvirtqEventSuppress.putFlags(ram, deviceEvent, PvirtqEventSuppress.RING_EVENT_FLAGS_DISABLE);
            logSuppression();
        }
    }

    private void logSuppression() {
        if (usedLogGpa != NOT_LOGGED) {
            dirtyLog.mark(usedLogGpa, PvirtqEventSuppress.BYTES);
        }
    }

    @Override
    public boolean enableNotification() {
        notificationOff = false;
        if (eventIdx) {
            PvirtqEventSuppress.putPosition(ram, deviceEvent, nextAvail, size);
        } else {
            PvirtqEventSuppress.putFlags(ram, deviceEvent, PvirtqEventSuppress.RING_EVENT_FLAGS_ENABLE);
        }
        logSuppression();
        // The request must be visible before the ring is looked at again: mirror image of the driver's publish and
        // check.
        VarHandle.fullFence();
        return nextAgain < again.size()
                || PvirtqDesc.isAvailable(
                        PvirtqDesc.tailAcquire(ram, entry(nextAvail)), RingPosition.wrap(nextAvail, size));
    }
}
