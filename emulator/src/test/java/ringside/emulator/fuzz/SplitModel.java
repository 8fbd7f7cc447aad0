package ringside.emulator.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The device side of a split virtqueue, written from VIRTIO-1.2 §2.7 to be read against it: one step per sentence, no
 * speed, no concurrency. Where a driver breaks a rule the ring is broken; that decision is Ringside's (the specification
 * says nothing), all else is the specification's.
 */
final class SplitModel implements RingModel {
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;

    private final Twin memory;
    private final int size;
    private final long desc;
    private final long avail;
    private final long used;
    private final boolean indirect;
    private final boolean eventIdx;

    private int longestTable;

    /** Entries taken, elements written, and those of them that the driver can see; all modulo 2^16. */
    private int taken;

    private int written;
    private int visible;
    /** avail.idx when the device last looked. */
    private int seen;

    private boolean quiet;
    private final List<Integer> unannounced = new ArrayList<>();

    /** What a driver may ask for. */
    record Layout(int size, long desc, long avail, long used) {
        /** §2.7, §2.7.1: a power of two up to 32768; parts aligned to 16, 2 and 4; in memory; not on one another. */
        boolean legal() {
            boolean sizeLegal = size >= 1 && size <= 32768 && Integer.bitCount(size) == 1;
            if (!sizeLegal || desc % 16 != 0 || avail % 2 != 0 || used % 4 != 0) {
                return false;
            }
            long[] begin = {desc, avail, used};
            long[] bytes = {16L * size, 6 + 2L * size, 6 + 8L * size};
            for (int i = 0; i < 3; i++) {
                if (!Twin.contains(begin[i], bytes[i])) {
                    return false;
                }
                for (int j = 0; j < i; j++) {
                    if (Math.max(begin[i], begin[j]) < Math.min(begin[i] + bytes[i], begin[j] + bytes[j])) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    SplitModel(Twin memory, Layout layout, boolean indirect, boolean eventIdx) {
        this.memory = memory;
        this.size = layout.size();
        this.desc = layout.desc();
        this.avail = layout.avail();
        this.used = layout.used();
        this.indirect = indirect;
        this.eventIdx = eventIdx;
        this.longestTable = size;
    }

    /** Linux breaks §2.7.5.3.1 where seg_max allows: a device may say how long a table it takes all the same. */
    SplitModel acceptTables(int entries) {
        longestTable = Math.max(size, entries);
        return this;
    }

    /** Begins behind what an earlier device has done. */
    void resume(int availIndex) {
        taken = availIndex;
        seen = availIndex;
        written = memory.get16(used + 2);
        visible = written;
    }

    @Override
    public int base() {
        return taken;
    }

    int visible() {
        return visible;
    }

    /** Whether used.idx still says what the device last wrote there. */
    boolean usedIndexIsOurs() {
        return memory.get16(used + 2) == visible;
    }

    /** Takes the next entry of the available ring (§2.7.6). */
    @Override
    public int next() {
        if (taken == seen) {
            seen = memory.get16(avail + 2);
            int ahead = seen - taken & 0xffff;
            if (ahead == 0) {
                return EMPTY;
            }
            if (ahead > size) {
                return BROKEN;
            }
        }
        int head = memory.get16(avail + 4 + 2L * (taken % size));
        if (head >= size) {
            return BROKEN;
        }
        taken = taken + 1 & 0xffff;
        return head;
    }

    /** The buffers of the chain at a head (§2.7.5); empty when the driver broke a rule. */
    @Override
    public Optional<List<Buffer>> chain(int head) {
        List<Buffer> buffers = new ArrayList<>();
        long table = desc;
        long entries = size;
        boolean inTable = false;
        long index = head;
        while (true) {
            // §2.7.5.3.1: a chain is no longer than the queue; a loop would be.
            if (index >= entries || buffers.size() == (inTable ? longestTable : size)) {
                return Optional.empty();
            }
            long entry = table + 16 * index;
            long addr = memory.get64(entry);
            long len = Integer.toUnsignedLong(memory.get32(entry + 8));
            int flags = memory.get16(entry + 12);
            if ((flags & INDIRECT) != 0) {
                if (!indirect || inTable || (flags & NEXT) != 0 || !tableLegal(addr, len)) {
                    return Optional.empty();
                }
                table = addr;
                entries = len / 16;
                inTable = true;
                index = 0;
                continue;
            }
            boolean writable = (flags & WRITE) != 0;
            boolean afterWritable = !buffers.isEmpty() && buffers.getLast().writable();
            if (len == 0 || !Twin.contains(addr, len) || (afterWritable && !writable)) {
                return Optional.empty();
            }
            buffers.add(new Buffer(addr, (int) len, writable));
            if ((flags & NEXT) == 0) {
                return Optional.of(buffers);
            }
            index = memory.get16(entry + 14);
        }
    }

    private boolean tableLegal(long addr, long len) {
        return len > 0 && len % 16 == 0 && len / 16 <= longestTable && Twin.contains(addr, len);
    }

    /** Writes a used element (§2.7.8). */
    @Override
    public void addUsed(int head, int length) {
        long element = used + 4 + 8L * (written % size);
        memory.put32(element, head);
        memory.put32(element + 4, length);
        written = written + 1 & 0xffff;
    }

    /** Shows the driver what was written. */
    @Override
    public void publish() {
        while (visible != written) {
            unannounced.add(visible);
            visible = visible + 1 & 0xffff;
            memory.put16(used + 2, visible);
        }
    }

    @Override
    public boolean hasUnannounced() {
        return !unannounced.isEmpty();
    }

    /** Whether the driver is to be notified of the elements since the last call (§2.7.7.2). */
    @Override
    public boolean notifies() {
        boolean notifies =
                eventIdx ? unannounced.contains(memory.get16(avail + 4 + 2L * size)) : (memory.get16(avail) & 1) == 0;
        unannounced.clear();
        return notifies;
    }

    /** Asks the driver not to kick (§2.7.10): the flag, and with EVENT_IDX nothing at all. */
    @Override
    public void disableKicks() {
        if (!quiet && !eventIdx) {
            memory.put16(used, 1);
        }
        quiet = true;
    }

    /** Asks the driver to kick; returns whether something is available already. */
    @Override
    public boolean enableKicks() {
        quiet = false;
        memory.put16(eventIdx ? used + 4 + 8L * size : used, eventIdx ? taken : 0);
        return memory.get16(avail + 2) != taken;
    }
}
