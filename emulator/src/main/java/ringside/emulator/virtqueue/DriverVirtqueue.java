package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;

/**
 * Driver side of a split virtqueue (VIRTIO-1.2 §2.7.13, §2.7.14). One thread. No method allocates after construction.
 *
 * <p>Chains are direct, or, when a table per head was asked for, indirect: one ring descriptor that refers to a table
 * which belongs to the head. The ordering mirrors {@link SplitVirtqueue}.
 */
public final class DriverVirtqueue {
    /** No used element, or no room. */
    public static final int NONE = -1;

    private final MemorySegment ram;
    private final int size;
    private final int mask;
    private final boolean eventIdx;
    private final int tableEntries;
    private final long desc;
    private final long avail;
    private final long used;
    private final long tables;
    private final long tablesGpa;
    private final DriverRingAddresses addresses;

    /** Free descriptors as a list through this array; the ring itself is never trusted for it. */
    private final int[] nextFree;
    /** Descriptors that a head occupies; 0 when the head is not in flight. */
    private final int[] chainLength;

    /** What the indirect table of each head says, so that repeating it costs no look at guest memory. */
    private final long[] toldGpa;

    private final int[] toldBytes;
    private final int[] toldShape;

    private int firstFree;
    private int freeCount;
    private int nextAvail;
    private int publishedAvail;
    private int decidedAvail;
    private int lastUsed;
    private int seenUsed;
    private int usedLength;

    /**
     * Lays a queue out in guest memory.
     *
     * @param size a power of two
     * @param indirectEntries entries of the indirect table of each head; 0 for direct chains
     */
    public DriverVirtqueue(
            GuestMemory memory, GuestAllocator allocator, int size, boolean eventIdx, int indirectEntries) {
        this.ram = memory.ram();
        this.size = size;
        this.mask = size - 1;
        this.eventIdx = eventIdx;
        this.tableEntries = indirectEntries;
        this.addresses = DriverRingAddresses.allocate(allocator, size);
        this.desc = memory.translate(addresses.descGpa(), (long) VirtqDesc.BYTES * size);
        this.avail = memory.translate(addresses.availGpa(), VirtqAvail.bytes(size));
        this.used = memory.translate(addresses.usedGpa(), VirtqUsed.bytes(size));
        long tableBytes = (long) size * indirectEntries * VirtqDesc.BYTES;
        this.tablesGpa = indirectEntries == 0 ? 0 : allocator.allocate(tableBytes, 64);
        this.tables = indirectEntries == 0 ? 0 : memory.translate(tablesGpa, tableBytes);
        this.nextFree = new int[size];
        this.chainLength = new int[size];
        this.toldGpa = new long[size * indirectEntries];
        this.toldBytes = new int[size * indirectEntries];
        this.toldShape = new int[size];
        for (int i = 0; i < size; i++) {
            nextFree[i] = i + 1;
        }
        this.freeCount = size;
    }

    /** Where the parts are, for the transport. */
    public DriverRingAddresses addresses() {
        return addresses;
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    /** The head that the next {@link #add} will use, or {@link #NONE} when no descriptor is free. */
    public int nextHead() {
        return freeCount == 0 ? NONE : firstFree;
    }

    /** Whether a chain of this many segments fits now. */
    public boolean fits(int segments) {
        return tableEntries > 0 ? freeCount > 0 : segments <= freeCount;
    }

    /**
     * Builds a chain and puts its head on the available ring; the device sees it after {@link #publish()}.
     *
     * @param gpa guest physical addresses, readable segments first
     * @param bytes lengths
     * @param readable number of device-readable segments
     * @param total number of segments, at least 1
     * @return the head, or {@link #NONE} when there is no room
     */
    public int add(long[] gpa, int[] bytes, int readable, int total) {
        if (!fits(total)) {
            return NONE;
        }
        if (tableEntries > 0 && total > tableEntries) {
            throw new IllegalArgumentException(
                    "chain of " + total + " segments exceeds the indirect table of " + tableEntries);
        }
        int head = firstFree;
        if (tableEntries > 0) {
            addIndirect(head, gpa, bytes, readable, total);
        } else {
            addDirect(gpa, bytes, readable, total);
        }
        VirtqAvail.putRing(ram, avail, nextAvail & mask, head);
        nextAvail = (nextAvail + 1) & 0xffff;
        return head;
    }

    private void addIndirect(int head, long[] gpa, int[] bytes, int readable, int total) {
        if (!tableSays(head, gpa, bytes, readable, total)) {
            writeTable(head, gpa, bytes, readable, total);
        }
        take(head, 1);
        firstFree = nextFree[head];
    }

    /** Whether the table of a head describes this chain already: its last one was the same. */
    private boolean tableSays(int head, long[] gpa, int[] bytes, int readable, int total) {
        if (toldShape[head] != shape(readable, total)) {
            return false;
        }
        int told = head * tableEntries;
        for (int i = 0; i < total; i++) {
            if (toldGpa[told + i] != gpa[i] || toldBytes[told + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static int shape(int readable, int total) {
        return readable << 16 | total;
    }

    private void writeTable(int head, long[] gpa, int[] bytes, int readable, int total) {
        toldShape[head] = shape(readable, total);
        System.arraycopy(gpa, 0, toldGpa, head * tableEntries, total);
        System.arraycopy(bytes, 0, toldBytes, head * tableEntries, total);
        long tableOffset = (long) head * tableEntries * VirtqDesc.BYTES;
        for (int i = 0; i < total; i++) {
            long entry = tables + tableOffset + (long) i * VirtqDesc.BYTES;
            VirtqDesc.put(ram, entry, gpa[i], bytes[i], chainFlags(i, readable, total), i + 1);
        }
        long tableGpa = tablesGpa + tableOffset;
        VirtqDesc.put(
                ram,
                desc + (long) head * VirtqDesc.BYTES,
                tableGpa,
                (long) total * VirtqDesc.BYTES,
                VirtqDesc.VIRTQ_DESC_F_INDIRECT,
                0);
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

    /** Makes everything added visible to the device. Returns whether there was anything. */
    public boolean publish() {
        if (publishedAvail == nextAvail) {
            return false;
        }
        publishedAvail = nextAvail;
        VirtqAvail.putIdxRelease(ram, avail, nextAvail);
        return true;
    }

    /** Whether the device wants a kick for what was published since the last call. */
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

    /**
     * Takes the next used element and frees its descriptors.
     *
     * @return the head, or {@link #NONE}
     * @throws IllegalStateException when the device returned a head that is not in flight
     */
    public int pollUsed() {
        if (!hasUsed()) {
            return NONE;
        }
        int slot = lastUsed & mask;
        int head = VirtqUsed.id(ram, used, slot);
        usedLength = VirtqUsed.len(ram, used, slot);
        lastUsed = (lastUsed + 1) & 0xffff;
        if (head < 0 || head >= size || chainLength[head] == 0) {
            throw new IllegalStateException("the device returned head " + head + ", which is not in flight");
        }
        free(head);
        return head;
    }

    /**
     * Whether there is a used element to take. Looks at the device's index only when all is taken that was there at the
     * last look: the index is on a cache line that the device is writing.
     */
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

    /** Length that the device wrote for the element last taken. */
    public int usedLength() {
        return usedLength;
    }

    /** Asks the device not to notify. A hint. */
    public void disableInterrupts() {
        if (!eventIdx) {
            VirtqAvail.putFlags(ram, avail, VirtqAvail.VIRTQ_AVAIL_F_NO_INTERRUPT);
        }
    }

    /** Asks for a notification at the next used element. Returns true when one is there already. */
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
