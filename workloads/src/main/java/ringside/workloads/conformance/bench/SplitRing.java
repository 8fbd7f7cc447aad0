package ringside.workloads.conformance.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A split virtqueue written byte by byte (VIRTIO-1.2 §2.7.5 to §2.7.8), legal through {@link RawRing}, otherwise not. */
public final class SplitRing implements RawRing {
    public static final int NEXT = 1;
    public static final int WRITE = 2;
    public static final int INDIRECT = 4;
    public static final int DESC_BYTES = 16;
    private static final int INDEX_MASK = 0xffff;

    private final RawRam ram;
    private final QueueLayout layout;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final int[] chainOf;
    private int availIdx;
    private int lastUsed;
    private int firstUsed;

    public SplitRing(RawRam ram, int size) {
        this(ram, size, 0);
    }

    /** @param startIdx where both indices begin */
    public SplitRing(RawRam ram, int size, int startIdx) {
        this.ram = ram;
        long desc = ram.allocate((long) DESC_BYTES * size, 16);
        long avail = ram.allocate(6 + 2L * size, 2);
        long used = ram.allocate(6 + 8L * size, 4);
        layout = new QueueLayout(size, desc, avail, used);
        chainOf = new int[size];
        IntStream.range(0, size).forEach(free::add);
        availIdx = startIdx;
        lastUsed = startIdx;
        firstUsed = startIdx;
        ram.put16(avail + 2, startIdx);
        ram.put16(used + 2, startIdx);
    }

    @Override
    public RingKind kind() {
        return RingKind.SPLIT;
    }

    @Override
    public QueueLayout layout() {
        return layout;
    }

    /** Writes one descriptor, whatever it says. */
    public void desc(int index, long gpa, long bytes, int flags, int next) {
        desc(layout.descGpa(), index, gpa, bytes, flags, next);
    }

    /** Writes one descriptor of a table anywhere. */
    public void desc(long tableGpa, int index, long gpa, long bytes, int flags, int next) {
        long at = tableGpa + (long) DESC_BYTES * index;
        ram.put64(at, gpa);
        ram.put32(at + 8, (int) bytes);
        ram.put16(at + 12, flags);
        ram.put16(at + 14, next);
    }

    /** Puts a head into the next slot of the available ring; not published yet. */
    public void offer(int head) {
        ram.put16(slotGpa(availIdx), head);
        availIdx = availIdx + 1 & INDEX_MASK;
    }

    private long slotGpa(int index) {
        return layout.driverGpa() + 4 + 2L * (index % layout.size());
    }

    /** Writes avail.idx, whatever it says. */
    public void availIdx(int value) {
        availIdx = value & INDEX_MASK;
        ram.put16(layout.driverGpa() + 2, availIdx);
    }

    /** The index that {@link #publish()} writes. */
    public int availIdx() {
        return availIdx;
    }

    /** used.idx as the device wrote it. */
    public int usedIdx() {
        return ram.u16(layout.deviceGpa() + 2);
    }

    /** used.flags as the device wrote it. */
    public int usedFlags() {
        return ram.u16(layout.deviceGpa());
    }

    /** avail_event as the device wrote it. */
    public int availEvent() {
        return ram.u16(layout.deviceGpa() + 4 + 8L * layout.size());
    }

    /** Writes avail.flags. */
    public void availFlags(int value) {
        ram.put16(layout.driverGpa(), value);
    }

    /** Writes used_event. */
    public void usedEvent(int value) {
        ram.put16(layout.driverGpa() + 4 + 2L * layout.size(), value);
    }

    @Override
    public int add(List<Buffer> buffers) {
        int[] index = new int[buffers.size()];
        for (int i = 0; i < index.length; i++) {
            index[i] = free.remove();
        }
        for (int i = 0; i < index.length; i++) {
            Buffer buffer = buffers.get(i);
            boolean last = i == index.length - 1;
            desc(index[i], buffer.gpa(), buffer.bytes(), flags(buffer, !last), last ? 0 : index[i + 1]);
        }
        chainOf[index[0]] = index.length;
        offer(index[0]);
        return index[0];
    }

    /** The flags of an element. */
    public static int flags(Buffer buffer, boolean more) {
        return (buffer.writable() ? WRITE : 0) | (more ? NEXT : 0);
    }

    @Override
    public int addIndirect(List<Buffer> buffers) {
        long table = table(buffers);
        int head = free.remove();
        desc(head, table, (long) DESC_BYTES * buffers.size(), INDIRECT, 0);
        chainOf[head] = 1;
        offer(head);
        return head;
    }

    /** Writes an indirect table; returns where. */
    public long table(List<Buffer> buffers) {
        long table = ram.allocate((long) DESC_BYTES * buffers.size(), 16);
        for (int i = 0; i < buffers.size(); i++) {
            boolean last = i == buffers.size() - 1;
            Buffer buffer = buffers.get(i);
            desc(table, i, buffer.gpa(), buffer.bytes(), flags(buffer, !last), last ? 0 : i + 1);
        }
        return table;
    }

    @Override
    public void publish() {
        ram.put16(layout.driverGpa() + 2, availIdx);
    }

    @Override
    public Optional<Used> poll() {
        if (usedIdx() == lastUsed) {
            return Optional.empty();
        }
        long at = layout.deviceGpa() + 4 + 8L * (lastUsed % layout.size());
        Used used = new Used(ram.u32(at), Integer.toUnsignedLong(ram.u32(at + 4)));
        lastUsed = lastUsed + 1 & INDEX_MASK;
        giveBack(used.id());
        return Optional.of(used);
    }

    private void giveBack(int head) {
        if (head < 0 || head >= layout.size() || chainOf[head] == 0) {
            return;
        }
        int index = head;
        for (int i = 0; i < chainOf[head]; i++) {
            free.add(index);
            index = ram.u16(layout.descGpa() + (long) DESC_BYTES * index + 14) % layout.size();
        }
        chainOf[head] = 0;
    }

    @Override
    public void suppressNotifications(boolean suppressed) {
        availFlags(suppressed ? 1 : 0);
    }

    @Override
    public void notifyAfter(int buffers) {
        usedEvent(lastUsed + buffers - 1 & INDEX_MASK);
    }

    @Override
    public int usedCount() {
        return usedIdx() - firstUsed & INDEX_MASK;
    }
}
