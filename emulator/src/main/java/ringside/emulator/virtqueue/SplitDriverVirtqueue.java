package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;

/**
 * Driver side of a split virtqueue (VIRTIO-1.2 §2.7.13, §2.7.14). One thread. No method allocates after construction. The
 * ordering mirrors {@link SplitVirtqueue}.
 *
 * <p>With VIRTIO_F_IN_ORDER descriptors are taken in the order of the table, round and round (§2.7.5.2); otherwise the one
 * that came back last is taken first, because it is in the caches.
 */
final class SplitDriverVirtqueue implements DriverVirtqueue {
    private final MemorySegment ram;
    private final int size;
    private final int mask;
    private final boolean eventIdx;
    private final long desc;
    private final long avail;
    private final long used;
    private final DriverTables tables;
    /** Null without VIRTIO_F_IN_ORDER. */
    private final DriverOrder order;

    private final DriverRingAddresses addresses;

    /** Free descriptors as a list through this array; the ring itself is never trusted for it. */
    private final int[] nextFree;
    /** Descriptors that a head occupies; 0 when the head is not in flight. */
    private final int[] chainLength;

    private int firstFree;
    private int freeCount;
    private int nextAvail;
    private int publishedAvail;
    private int decidedAvail;
    private int lastUsed;
    private int seenUsed;
    private int usedLength;

    SplitDriverVirtqueue(
            GuestMemory memory, GuestAllocator allocator, int size, RingFeatures features, int indirectEntries) {
        this.ram = memory.ram();
        this.size = size;
        this.mask = size - 1;
        this.eventIdx = features.eventIdx();
        this.addresses = DriverRingAddresses.allocate(allocator, size, false);
        this.desc = memory.translate(addresses.descGpa(), (long) VirtqDesc.BYTES * size);
        this.avail = memory.translate(addresses.availGpa(), VirtqAvail.bytes(size));
        this.used = memory.translate(addresses.usedGpa(), VirtqUsed.bytes(size));
        this.tables = new DriverTables(memory, allocator, size, indirectEntries, false);
        this.order = features.inOrder() ? new DriverOrder(size) : null;
        this.nextFree = new int[size];
        this.chainLength = new int[size];
        for (int i = 0; i < size; i++) {
            nextFree[i] = (i + 1) & mask;
        }
        this.freeCount = size;
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
        return freeCount == 0 ? NONE : firstFree;
    }

    @Override
    public boolean fits(int segments) {
        return tables.exist() ? freeCount > 0 : segments <= freeCount;
    }

    @Override
    public int add(long[] gpa, int[] bytes, int readable, int total) {
        if (!fits(total)) {
            return NONE;
        }
        int head = firstFree;
        if (tables.exist()) {
            tables.check(total);
            addIndirect(head, gpa, bytes, readable, total);
        } else {
            addDirect(gpa, bytes, readable, total);
        }
        if (order != null) {
            order.added(head, bytes, readable, total);
        }
        VirtqAvail.putRing(ram, avail, nextAvail & mask, head);
        nextAvail = (nextAvail + 1) & 0xffff;
        return head;
    }

    private void addIndirect(int head, long[] gpa, int[] bytes, int readable, int total) {
        if (tables.describe(head, gpa, bytes, readable, total)) {
            VirtqDesc.put(
                    ram,
                    desc + (long) head * VirtqDesc.BYTES,
                    tables.gpa(head),
                    (long) total * VirtqDesc.BYTES,
                    VirtqDesc.VIRTQ_DESC_F_INDIRECT,
                    0);
        }
        take(head, 1);
        firstFree = nextFree[head];
    }

    private void addDirect(long[] gpa, int[] bytes, int readable, int total) {
        int head = firstFree;
        int index = head;
        for (int i = 0; i < total; i++) {
            VirtqDesc.put(
                    ram,
                    desc + (long) index * VirtqDesc.BYTES,
                    gpa[i],
                    bytes[i],
                    chainFlags(i, readable, total),
                    i + 1 < total ? nextFree[index] : 0);
            firstFree = nextFree[index];
            index = firstFree;
        }
        take(head, total);
    }

    private static int chainFlags(int index, int readable, int total) {
        return (index + 1 < total ? VirtqDesc.VIRTQ_DESC_F_NEXT : 0)
                | (index >= readable ? VirtqDesc.VIRTQ_DESC_F_WRITE : 0);
    }

    private void take(int head, int descriptors) {
        chainLength[head] = descriptors;
        freeCount -= descriptors;
    }

    @Override
    public boolean publish() {
        if (publishedAvail == nextAvail) {
            return false;
        }
        publishedAvail = nextAvail;
        VirtqAvail.putIdxRelease(ram, avail, nextAvail);
        return true;
    }

    /** 15 bits of the available index as the offset, its highest one as the wrap counter. */
    @Override
    public int position() {
        return nextAvail;
    }

    @Override
    public boolean needsKick() {
        int oldIndex = decidedAvail;
        decidedAvail = publishedAvail;
        // avail.idx before the device's event index, as in §2.7.13.4.1: see SplitVirtqueue.needsNotification.
        VarHandle.fullFence();
        if (eventIdx) {
            return EventIndex.crossed(VirtqUsed.availEvent(ram, used, size), publishedAvail, oldIndex);
        }
        return (VirtqUsed.flags(ram, used) & VirtqUsed.VIRTQ_USED_F_NO_NOTIFY) == 0;
    }

    @Override
    public int pollUsed() {
        return order == null ? pollAny() : pollInOrder();
    }

    private int pollAny() {
        if (!hasUsed()) {
            return NONE;
        }
        int head = readElement();
        lastUsed = (lastUsed + 1) & 0xffff;
        free(head);
        return head;
    }

    /** Head of the next used element, which is in flight; its length is noted. */
    private int readElement() {
        int slot = lastUsed & mask;
        int head = VirtqUsed.id(ram, used, slot);
        usedLength = VirtqUsed.len(ram, used, slot);
        if (head < 0 || head >= size || chainLength[head] == 0) {
            throw new IllegalStateException("the device returned head " + head + ", which is not in flight");
        }
        return head;
    }

    private int pollInOrder() {
        if (!hasUsed()) {
            return NONE;
        }
        if (!order.inBatch()) {
            order.begin(readElement(), usedLength);
        }
        int head = order.next();
        usedLength = order.length(head);
        lastUsed = (lastUsed + 1) & 0xffff;
        freeCount += chainLength[head];
        chainLength[head] = 0;
        return head;
    }

    /**
     * Looks at the device's index only when all is taken that was there at the
     * last look: the index is on a cache line that the device is writing.
     */
    @Override
    public boolean hasUsed() {
        if (lastUsed != seenUsed) {
            return true;
        }
        seenUsed = VirtqUsed.idxAcquire(ram, used);
        return lastUsed != seenUsed;
    }

    private void free(int head) {
        int descriptors = chainLength[head];
        chainLength[head] = 0;
        int last = head;
        for (int i = 1; i < descriptors; i++) {
            last = nextFree[last];
        }
        nextFree[last] = firstFree;
        firstFree = head;
        freeCount += descriptors;
    }

    @Override
    public int usedLength() {
        return usedLength;
    }

    @Override
    public void disableInterrupts() {
        if (!eventIdx) {
            VirtqAvail.putFlags(ram, avail, VirtqAvail.VIRTQ_AVAIL_F_NO_INTERRUPT);
        }
    }

    @Override
    public boolean enableInterrupts() {
        if (eventIdx) {
            VirtqAvail.putUsedEvent(ram, avail, size, lastUsed);
        } else {
            VirtqAvail.putFlags(ram, avail, 0);
        }
        VarHandle.fullFence();
        return hasUsed();
    }
}
