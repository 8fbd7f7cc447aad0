package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import ringside.emulator.memory.GuestMemory;

/**
 * Writes a split ring into guest memory byte for byte, right or wrong. Offsets are taken from the specification
 * (VIRTIO-1.2 §2.7), not from production code, so that a layout error there cannot hide here.
 */
public final class RawSplitRing {
    public static final int NEXT = 1;
    public static final int WRITE = 2;
    public static final int INDIRECT = 4;

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public final int size;
    public final long descGpa;
    public final long availGpa;
    public final long usedGpa;

    private final GuestMemory memory;
    private final MemorySegment ram;
    private final long desc;
    private final long avail;
    private final long used;

    /** Lays the three parts out one after the other from a 16-byte aligned address on. */
    public RawSplitRing(GuestMemory memory, int size, long baseGpa) {
        this.memory = memory;
        this.ram = memory.ram();
        this.size = size;
        this.descGpa = baseGpa;
        this.availGpa = descGpa + 16L * size;
        this.usedGpa = (availGpa + 6 + 2L * size + 3) & -4L;
        this.desc = at(descGpa);
        this.avail = at(availGpa);
        this.used = at(usedGpa);
        ram.asSlice(desc, endGpa() - baseGpa).fill((byte) 0);
    }

    /** First address after the ring. */
    public long endGpa() {
        return usedGpa + 6 + 8L * size;
    }

    private long at(long gpa) {
        long offset = memory.translate(gpa, 1);
        if (offset < 0) {
            throw new IllegalArgumentException("test writes outside guest memory: 0x" + Long.toHexString(gpa));
        }
        return offset;
    }

    /** The configuration that a transport would make of this ring. */
    public VirtqueueConfig config(boolean indirect, boolean eventIdx) {
        return new VirtqueueConfig(size, descGpa, availGpa, usedGpa, indirect, eventIdx);
    }

    /** The device side of this ring. */
    public Virtqueue activate(boolean indirect, boolean eventIdx) {
        return config(indirect, eventIdx).activate(memory);
    }

    /** Writes an entry of the descriptor table. */
    public RawSplitRing desc(int index, long addr, long len, int flags, int next) {
        entry(descGpa + 16L * index, addr, len, flags, next);
        return this;
    }

    /** Writes an entry of any table, at any address. */
    public void entry(long gpa, long addr, long len, int flags, int next) {
        long offset = at(gpa);
        ram.set(U64, offset, addr);
        ram.set(U32, offset + 8, (int) len);
        ram.set(U16, offset + 12, (short) flags);
        ram.set(U16, offset + 14, (short) next);
    }

    /** Puts a head on the available ring and moves avail.idx. */
    public RawSplitRing offer(int head) {
        int idx = availIdx();
        availEntry(idx % size, head);
        VarHandle.releaseFence();
        return availIdx(idx + 1);
    }

    public RawSplitRing availEntry(int slot, int head) {
        ram.set(U16, avail + 4 + 2L * slot, (short) head);
        return this;
    }

    public RawSplitRing availIdx(int idx) {
        ram.set(U16, avail + 2, (short) idx);
        return this;
    }

    public int availIdx() {
        return u16(avail + 2);
    }

    public RawSplitRing availFlags(int flags) {
        ram.set(U16, avail, (short) flags);
        return this;
    }

    public RawSplitRing usedEvent(int idx) {
        ram.set(U16, avail + 4 + 2L * size, (short) idx);
        return this;
    }

    public int usedFlags() {
        return u16(used);
    }

    public int usedIdx() {
        return u16(used + 2);
    }

    public int usedId(int slot) {
        return ram.get(U32, used + 4 + 8L * (slot % size));
    }

    public long usedLen(int slot) {
        return Integer.toUnsignedLong(ram.get(U32, used + 8 + 8L * (slot % size)));
    }

    public int availEvent() {
        return u16(used + 4 + 8L * size);
    }

    /** Writes 16 bits into the used ring where a driver has no business. */
    public RawSplitRing garbageInUsed(int value) {
        for (long offset = 0; offset < 6 + 8L * size; offset += 2) {
            ram.set(U16, used + offset, (short) value);
        }
        return this;
    }

    private int u16(long offset) {
        return Short.toUnsignedInt(ram.get(U16, offset));
    }

    /** Copy of guest memory. */
    public byte[] bytes(long gpa, int count) {
        return ram.asSlice(at(gpa), count).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Writes guest memory. */
    public void put(long gpa, byte... content) {
        MemorySegment.copy(content, 0, ram, ValueLayout.JAVA_BYTE, at(gpa), content.length);
    }
}
