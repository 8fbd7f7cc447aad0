package ringside.workloads.conformance.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A packed virtqueue written byte by byte (VIRTIO-1.2 §2.8), legal through {@link RawRing}, otherwise not. */
public final class PackedRing implements RawRing {
    public static final int NEXT = 1;
    public static final int WRITE = 2;
    public static final int INDIRECT = 4;
    public static final int AVAIL = 1 << 7;
    public static final int USED = 1 << 15;
    public static final int EVENT_ENABLE = 0;
    public static final int EVENT_DISABLE = 1;
    public static final int EVENT_DESC = 2;
    public static final int DESC_BYTES = 16;
    private static final int WRAP_SHIFT = 15;

    private final RawRam ram;
    private final QueueLayout layout;
    private final Map<Integer, Integer> slotsOf = new HashMap<>();
    private int nextAvail;
    private boolean availWrap = true;
    private int nextUsed;
    private boolean usedWrap = true;
    private int nextId;
    private int taken;
    /** The first buffer that was added and not published: its head's flags are written last. */
    private int pendingSlot = -1;

    private int pendingFlags;

    public PackedRing(RawRam ram, int size) {
        this.ram = ram;
        layout = new QueueLayout(
                size, ram.allocate((long) DESC_BYTES * size, 16), ram.allocate(4, 4), ram.allocate(4, 4));
    }

    @Override
    public RingKind kind() {
        return RingKind.PACKED;
    }

    @Override
    public QueueLayout layout() {
        return layout;
    }

    /** Writes one descriptor, whatever it says; the flags last. */
    public void desc(int slot, long gpa, long bytes, int id, int flags) {
        desc(layout.descGpa(), slot, gpa, bytes, id, flags);
    }

    private void desc(long tableGpa, int slot, long gpa, long bytes, int id, int flags) {
        long at = tableGpa + (long) DESC_BYTES * slot;
        ram.put64(at, gpa);
        ram.put32(at + 8, (int) bytes);
        ram.put16(at + 12, id);
        ram.put16(at + 14, flags);
    }

    /** Flags of a slot as they are now. */
    public int flags(int slot) {
        return ram.u16(layout.descGpa() + (long) DESC_BYTES * slot + 14);
    }

    /** The AVAIL and USED bits that make a descriptor available in this lap. */
    public int availBits() {
        return availWrap ? AVAIL : USED;
    }

    /** Next slot to fill. */
    public int nextAvail() {
        return nextAvail;
    }

    /** Next slot that the device uses. */
    public int nextUsed() {
        return nextUsed;
    }

    @Override
    public int add(List<Buffer> buffers) {
        int id = nextId++ % layout.size();
        for (int i = 0; i < buffers.size(); i++) {
            Buffer buffer = buffers.get(i);
            int flags = (buffer.writable() ? WRITE : 0) | (i < buffers.size() - 1 ? NEXT : 0);
            put(buffer.gpa(), buffer.bytes(), id, flags);
        }
        slotsOf.put(id, buffers.size());
        return id;
    }

    @Override
    public int addIndirect(List<Buffer> buffers) {
        int id = nextId++ % layout.size();
        put(table(buffers), (long) DESC_BYTES * buffers.size(), id, INDIRECT);
        slotsOf.put(id, 1);
        return id;
    }

    /** Writes an indirect table; returns where. */
    public long table(List<Buffer> buffers) {
        long table = ram.allocate((long) DESC_BYTES * buffers.size(), 16);
        for (int i = 0; i < buffers.size(); i++) {
            Buffer buffer = buffers.get(i);
            desc(table, i, buffer.gpa(), buffer.bytes(), 0, buffer.writable() ? WRITE : 0);
        }
        return table;
    }

    /** Puts one descriptor into the next slot, whatever it says; available at {@link #publish()}. */
    public void put(long gpa, long bytes, int id, int flags) {
        int whole = flags | availBits();
        if (pendingSlot < 0) {
            pendingSlot = nextAvail;
            pendingFlags = whole;
            desc(nextAvail, gpa, bytes, id, flags(nextAvail)); // as it was: not available yet
        } else {
            desc(nextAvail, gpa, bytes, id, whole);
        }
        nextAvail++;
        if (nextAvail == layout.size()) {
            nextAvail = 0;
            availWrap = !availWrap;
        }
    }

    @Override
    public void publish() {
        if (pendingSlot >= 0) {
            ram.put16(layout.descGpa() + (long) DESC_BYTES * pendingSlot + 14, pendingFlags);
            pendingSlot = -1;
        }
    }

    @Override
    public Optional<Used> poll() {
        int flags = flags(nextUsed);
        boolean used = (flags & USED) != 0 == usedWrap && (flags & AVAIL) != 0 == usedWrap;
        if (!used || slotsOf.isEmpty()) {
            return Optional.empty();
        }
        long at = layout.descGpa() + (long) DESC_BYTES * nextUsed;
        // The length is of a meaning only where the buffer had a writable part (VIRTIO-1.2 §2.8.5).
        Used result = new Used(ram.u16(at + 12), Integer.toUnsignedLong(ram.u32(at + 8)));
        advance(Optional.ofNullable(slotsOf.remove(result.id())).orElse(1));
        taken++;
        return Optional.of(result);
    }

    private void advance(int slots) {
        nextUsed += slots;
        if (nextUsed >= layout.size()) {
            nextUsed -= layout.size();
            usedWrap = !usedWrap;
        }
    }

    /** Writes the driver event suppression structure. */
    public void driverEvent(int offWrap, int flags) {
        ram.put16(layout.driverGpa(), offWrap);
        ram.put16(layout.driverGpa() + 2, flags);
    }

    /** Flags of the device event suppression structure. */
    public int deviceEventFlags() {
        return ram.u16(layout.deviceGpa() + 2);
    }

    @Override
    public void suppressNotifications(boolean suppressed) {
        driverEvent(0, suppressed ? EVENT_DISABLE : EVENT_ENABLE);
    }

    /** Counts descriptors that are used: exact where each buffer is one of them. */
    @Override
    public void notifyAfter(int buffers) {
        int slot = nextUsed + buffers - 1;
        boolean wrap = usedWrap;
        if (slot >= layout.size()) {
            slot -= layout.size();
            wrap = !wrap;
        }
        driverEvent(slot | (wrap ? 1 << WRAP_SHIFT : 0), EVENT_DESC);
    }

    /** Polled so far. */
    @Override
    public int usedCount() {
        return taken;
    }
}
