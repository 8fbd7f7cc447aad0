package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;

/**
 * Driver side of a packed virtqueue (VIRTIO-1.2 §2.8.21, §2.8.22). One thread. No method allocates after construction. The
 * ordering mirrors {@link PackedVirtqueue}: of a batch of buffers the first descriptor is handed over last.
 */
final class PackedDriverVirtqueue implements DriverVirtqueue {
    private static final int NO_BATCH = -1;

    private final MemorySegment ram;
    private final int size;
    private final boolean eventIdx;
    private final long ring;
    private final long driverEvent;
    private final long deviceEvent;
    private final DriverTables tables;
    /** Null without VIRTIO_F_IN_ORDER. */
    private final DriverOrder order;

    private final DriverRingAddresses addresses;

    /** Free buffer ids as a list through this array. */
    private final int[] nextFree;
    /** By buffer id: descriptors of its list; 0 when it is not in flight. */
    private final int[] listLength;

    private int firstFree;
    private int freeDescriptors;

    /** Positions, see {@link RingPosition}. */
    private int nextAvail;

    private int nextUsed;

    /** First descriptor of the batch that the device does not see yet, or {@link #NO_BATCH}, and what it will say. */
    private int batchAt = NO_BATCH;

    private long batchTail;
    private int published;

    /** Descriptors that became visible since the last decision about a kick. */
    private int undecided;

    private boolean interruptsOff;
    private int usedLength;

    PackedDriverVirtqueue(
            GuestMemory memory, GuestAllocator allocator, int size, RingFeatures features, int indirectEntries) {
        this.ram = memory.ram();
        this.size = size;
        this.eventIdx = features.eventIdx();
        this.addresses = DriverRingAddresses.allocate(allocator, size, true);
        this.ring = memory.translate(addresses.descGpa(), (long) PvirtqDesc.BYTES * size);
        this.driverEvent = memory.translate(addresses.availGpa(), PvirtqEventSuppress.BYTES);
        this.deviceEvent = memory.translate(addresses.usedGpa(), PvirtqEventSuppress.BYTES);
        this.tables = new DriverTables(memory, allocator, size, indirectEntries, true);
        this.order = features.inOrder() ? new DriverOrder(size) : null;
        this.nextFree = new int[size];
        this.listLength = new int[size];
        for (int i = 0; i < size; i++) {
            nextFree[i] = i + 1;
        }
        this.freeDescriptors = size;
    }

    @Override
    public DriverRingAddresses addresses() {
        return addresses;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int nextHead() {
        return freeDescriptors == 0 ? NONE : firstFree;
    }

    @Override
    public boolean fits(int segments) {
        return (tables.exist() ? 1 : segments) <= freeDescriptors;
    }

    private long entry(int position) {
        return ring + (long) PvirtqDesc.BYTES * RingPosition.offset(position, size);
    }

    @Override
    public int add(long[] gpa, int[] bytes, int readable, int total) {
        if (!fits(total)) {
            return NONE;
        }
        int id = firstFree;
        int first = nextAvail;
        if (tables.exist()) {
            tables.check(total);
            tables.describe(id, gpa, bytes, readable, total);
            PvirtqDesc.putAddr(ram, entry(first), tables.gpa(id));
            takeId(id, 1);
            makeAvailable(first, (long) total * PvirtqDesc.BYTES, id, PvirtqDesc.VIRTQ_DESC_F_INDIRECT);
        } else {
            putRest(gpa, bytes, readable, total);
            PvirtqDesc.putAddr(ram, entry(first), gpa[0]);
            takeId(id, total);
            makeAvailable(first, bytes[0], id, listFlags(0, readable, total));
        }
        if (order != null) {
            order.added(id, bytes, readable, total);
        }
        return id;
    }

    /** The list without its first descriptor. Any id will do, but the one of the last descriptor counts. */
    private void putRest(long[] gpa, int[] bytes, int readable, int total) {
        for (int i = 1; i < total; i++) {
            int position = RingPosition.advance(nextAvail, i, size);
            int flags = listFlags(i, readable, total) | PvirtqDesc.available(RingPosition.wrap(position, size));
            PvirtqDesc.putAddr(ram, entry(position), gpa[i]);
            PvirtqDesc.putTail(ram, entry(position), PvirtqDesc.tail(bytes[i], firstFree, flags));
        }
    }

    private static int listFlags(int index, int readable, int total) {
        return (index + 1 < total ? PvirtqDesc.VIRTQ_DESC_F_NEXT : 0)
                | (index >= readable ? PvirtqDesc.VIRTQ_DESC_F_WRITE : 0);
    }

    private void takeId(int id, int descriptors) {
        listLength[id] = descriptors;
        firstFree = nextFree[id];
        freeDescriptors -= descriptors;
        nextAvail = RingPosition.advance(nextAvail, descriptors, size);
    }

    /** The first descriptor of a list, held back when it is the first of its batch. */
    private void makeAvailable(int position, long len, int id, int flags) {
        long tail = PvirtqDesc.tail(len, id, flags | PvirtqDesc.available(RingPosition.wrap(position, size)));
        if (batchAt == NO_BATCH) {
            batchAt = position;
            batchTail = tail;
        } else {
            PvirtqDesc.putTail(ram, entry(position), tail);
        }
    }

    @Override
    public boolean publish() {
        if (batchAt == NO_BATCH) {
            return false;
        }
        PvirtqDesc.putTailRelease(ram, entry(batchAt), batchTail);
        batchAt = NO_BATCH;
        undecided += RingPosition.distance(published, nextAvail, size);
        published = nextAvail;
        return true;
    }

    @Override
    public int position() {
        return RingPosition.encode(nextAvail, size);
    }

    @Override
    public boolean needsKick() {
        int descriptors = undecided;
        undecided = 0;
        // The descriptor before the device's suppression (§2.8.21.3.1): see PackedVirtqueue.needsNotification.
        VarHandle.fullFence();
        int event = PvirtqEventSuppress.read(ram, deviceEvent);
        return PvirtqEventSuppress.wanted(event, eventIdx, published, descriptors, size);
    }

    @Override
    public int pollUsed() {
        if (order != null && order.inBatch()) {
            return reap(order.next());
        }
        long tail = PvirtqDesc.tailAcquire(ram, entry(nextUsed));
        if (!PvirtqDesc.isUsed(tail, RingPosition.wrap(nextUsed, size)) || freeDescriptors == size) {
            return NONE;
        }
        int id = PvirtqDesc.id(tail);
        if (id >= size || listLength[id] == 0) {
            throw new IllegalStateException("the device returned buffer id " + id + ", which is not in flight");
        }
        // Without WRITE the length is reserved (§2.8.4): nothing was written.
        boolean written = (PvirtqDesc.flags(tail) & PvirtqDesc.VIRTQ_DESC_F_WRITE) != 0;
        usedLength = written ? (int) PvirtqDesc.len(tail) : 0;
        if (order == null) {
            return free(id);
        }
        order.begin(id, usedLength);
        return reap(order.next());
    }

    private int reap(int id) {
        usedLength = order.length(id);
        return free(id);
    }

    private int free(int id) {
        int descriptors = listLength[id];
        listLength[id] = 0;
        nextUsed = RingPosition.advance(nextUsed, descriptors, size);
        nextFree[id] = firstFree;
        firstFree = id;
        freeDescriptors += descriptors;
        return id;
    }

    @Override
    public boolean hasUsed() {
        return order != null && order.inBatch()
                || freeDescriptors != size
                        && PvirtqDesc.isUsed(
                                PvirtqDesc.tailAcquire(ram, entry(nextUsed)), RingPosition.wrap(nextUsed, size));
    }

    @Override
    public int usedLength() {
        return usedLength;
    }

    @Override
    public void disableInterrupts() {
        if (!interruptsOff) {
            interruptsOff = true;
            PvirtqEventSuppress.putFlags(ram, driverEvent, PvirtqEventSuppress.RING_EVENT_FLAGS_DISABLE);
        }
    }

    @Override
    public boolean enableInterrupts() {
        interruptsOff = false;
        if (eventIdx) {
            PvirtqEventSuppress.putPosition(ram, driverEvent, nextUsed, size);
        } else {
            PvirtqEventSuppress.putFlags(ram, driverEvent, PvirtqEventSuppress.RING_EVENT_FLAGS_ENABLE);
        }
        // Asked first, looked after it: the device hands over first and looks after it whether it was asked.
        VarHandle.fullFence();
        return hasUsed();
    }
}
