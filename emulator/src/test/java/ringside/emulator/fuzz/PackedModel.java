package ringside.emulator.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The device side of a packed virtqueue, written from VIRTIO-1.2 §2.8 to be read against it. Descriptors are counted from
 * the beginning of time; offset and wrap counter follow from the count. As in {@link SplitModel}, only what happens to a
 * driver that breaks a rule is Ringside's decision.
 */
final class PackedModel implements RingModel {
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final int AVAIL = 1 << 7;
    private static final int USED = 1 << 15;
    private static final int EVENT_DISABLE = 1;
    private static final int EVENT_DESC = 2;

    private final Twin memory;
    private final int size;
    private final long ring;
    private final long driverEvent;
    private final long deviceEvent;
    private final boolean indirect;
    private final boolean eventIdx;

    /** Descriptors taken, used, and of those the ones that the driver can see. */
    private long taken;

    private long used;
    private long visible;
    private long announced;

    /** The first used descriptor that the driver cannot see: what it will say is written last (§2.8.15, R042). */
    private Runnable first;

    private boolean quiet;

    /** By buffer id: the list, copied when it was taken. */
    private final Map<Integer, List<Descriptor>> lists = new HashMap<>();

    private record Descriptor(long addr, long len, int id, int flags) {}

    /** What a driver may ask for. */
    record Layout(int size, long ring, long driver, long device) {
        /** §2.8.10.1: any size up to 32768; aligned to 16, 4 and 4; in memory; not on one another. */
        boolean legal() {
            if (size < 1 || size > 32768 || ring % 16 != 0 || driver % 4 != 0 || device % 4 != 0) {
                return false;
            }
            boolean inside = Twin.contains(ring, 16L * size) && Twin.contains(driver, 4) && Twin.contains(device, 4);
            return inside
                    && driver != device
                    && (driver + 4 <= ring || driver >= ring + 16L * size)
                    && (device + 4 <= ring || device >= ring + 16L * size);
        }
    }

    PackedModel(Twin memory, Layout layout, boolean indirect, boolean eventIdx) {
        this.memory = memory;
        this.size = layout.size();
        this.ring = layout.ring();
        this.driverEvent = layout.driver();
        this.deviceEvent = layout.device();
        this.indirect = indirect;
        this.eventIdx = eventIdx;
    }

    /** Begins at a count. */
    void resume(long count) {
        taken = count;
        used = count;
        visible = count;
        announced = count;
    }

    private boolean wrap(long count) {
        return count / size % 2 == 0;
    }

    private long at(long count) {
        return ring + 16 * (count % size);
    }

    /** §2.8.1: AVAIL equals the driver's wrap counter, USED does not. */
    private boolean isAvailable(long count) {
        int flags = memory.get16(at(count) + 14);
        return ((flags & AVAIL) != 0) == wrap(count) && ((flags & USED) != 0) != wrap(count);
    }

    /** Takes the next list (§2.8.6). */
    @Override
    public int next() {
        if (!isAvailable(taken)) {
            return EMPTY;
        }
        List<Descriptor> list = new ArrayList<>();
        long count = taken;
        boolean more = true;
        while (more) {
            // What was not used yet is not the driver's to make available again.
            if (count - visible == size || !isAvailable(count)) {
                return BROKEN;
            }
            Descriptor descriptor = descriptor(at(count));
            list.add(descriptor);
            count++;
            more = (descriptor.flags() & NEXT) != 0;
        }
        int id = list.getLast().id();
        if (id >= size || lists.containsKey(id)) {
            return BROKEN;
        }
        lists.put(id, list);
        taken = count;
        return id;
    }

    private Descriptor descriptor(long entry) {
        return new Descriptor(
                memory.get64(entry),
                Integer.toUnsignedLong(memory.get32(entry + 8)),
                memory.get16(entry + 12),
                memory.get16(entry + 14));
    }

    @Override
    public Optional<List<Buffer>> chain(int head) {
        List<Descriptor> list = lists.get(head);
        boolean refers = list.stream().anyMatch(descriptor -> (descriptor.flags() & INDIRECT) != 0);
        if (!refers) {
            return buffers(list);
        }
        Descriptor reference = list.getFirst();
        long entries = reference.len() / 16;
        boolean legal = indirect
                && list.size() == 1
                && reference.len() % 16 == 0
                && entries > 0
                && entries <= size
                && Twin.contains(reference.addr(), reference.len());
        if (!legal) {
            return Optional.empty();
        }
        // §2.8.7: all entries, in order; no flag but WRITE means anything.
        List<Descriptor> table = new ArrayList<>();
        for (long i = 0; i < entries; i++) {
            table.add(descriptor(reference.addr() + 16 * i));
        }
        return buffers(table);
    }

    private static Optional<List<Buffer>> buffers(List<Descriptor> descriptors) {
        List<Buffer> buffers = new ArrayList<>();
        for (Descriptor descriptor : descriptors) {
            boolean writable = (descriptor.flags() & WRITE) != 0;
            boolean afterWritable = !buffers.isEmpty() && buffers.getLast().writable();
            boolean wrongOrder = afterWritable && !writable;
            if (wrongOrder || descriptor.len() == 0 || !Twin.contains(descriptor.addr(), descriptor.len())) {
                return Optional.empty();
            }
            buffers.add(new Buffer(descriptor.addr(), (int) descriptor.len(), writable));
        }
        return Optional.of(buffers);
    }

    /** §2.8.8: one used descriptor for a list, the others of the list are skipped; addr stays. */
    @Override
    public void addUsed(int head, int length) {
        long entry = at(used);
        int owner = wrap(used) ? AVAIL | USED : 0;
        Runnable write = () -> {
            memory.put32(entry + 8, length);
            memory.put16(entry + 12, head);
            memory.put16(entry + 14, owner | (length > 0 ? WRITE : 0));
        };
        if (used == visible) {
            first = write;
        } else {
            write.run();
        }
        used += lists.remove(head).size();
    }

    @Override
    public void publish() {
        if (used != visible) {
            first.run();
            visible = used;
        }
    }

    @Override
    public boolean hasUnannounced() {
        return announced != visible;
    }

    /** §2.8.10: DESC means the descriptor with that offset and that wrap counter; where it is not known, better notify. */
    @Override
    public boolean notifies() {
        int event = memory.get32(driverEvent);
        int flags = event >>> 16 & 3;
        boolean notifies = flags != EVENT_DISABLE;
        if (flags == EVENT_DESC && eventIdx) {
            notifies = false;
            for (long count = announced; count < visible; count++) {
                notifies |= encoded(count) == (event & 0xffff);
            }
        }
        announced = visible;
        return notifies;
    }

    private int encoded(long count) {
        return (int) (count % size) | (wrap(count) ? 1 << 15 : 0);
    }

    @Override
    public void disableKicks() {
        if (!quiet) {
            memory.put32(deviceEvent, EVENT_DISABLE << 16);
        }
        quiet = true;
    }

    @Override
    public boolean enableKicks() {
        quiet = false;
        memory.put32(deviceEvent, eventIdx ? EVENT_DESC << 16 | encoded(taken) : 0);
        return isAvailable(taken);
    }

    @Override
    public int base() {
        return encoded(taken) | encoded(visible) << 16;
    }
}
