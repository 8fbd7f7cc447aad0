package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import ringside.emulator.memory.GuestMemory;

/**
 * Writes a packed ring into guest memory byte for byte, right or wrong. Offsets are taken from the specification
 * (VIRTIO-1.2 §2.8), not from production code, so that a layout error there cannot hide here.
 */
public final class RawPackedRing {
    public static final int NEXT = 1;
    public static final int WRITE = 2;
    public static final int INDIRECT = 4;
    public static final int AVAIL = 1 << 7;
    public static final int USED = 1 << 15;
    public static final int ENABLE = 0;
    public static final int DISABLE = 1;
    public static final int DESC = 2;

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public final int size;
    public final long descGpa;
    public final long driverGpa;
    public final long deviceGpa;

    private final GuestMemory memory;
    private final MemorySegment ram;

    /** Lays the three parts out one after the other from a 16-byte aligned address on, and zeroes them. */
    public RawPackedRing(GuestMemory memory, int size, long baseGpa) {
        this(memory, size, baseGpa, baseGpa + 16L * size, baseGpa + 16L * size + 4);
        ram.asSlice(at(descGpa), endGpa() - descGpa).fill((byte) 0);
    }

    /** A ring that somebody else laid out. */
    public RawPackedRing(GuestMemory memory, int size, long descGpa, long driverGpa, long deviceGpa) {
        this.memory = memory;
        this.ram = memory.ram();
        this.size = size;
        this.descGpa = descGpa;
        this.driverGpa = driverGpa;
        this.deviceGpa = deviceGpa;
    }

    /** First address after the ring. */
    public long endGpa() {
        return deviceGpa + 4;
    }

    private long at(long gpa) {
        long offset = memory.translate(gpa, 1);
        if (offset < 0) {
            throw new IllegalArgumentException("test writes outside guest memory: 0x" + Long.toHexString(gpa));
        }
        return offset;
    }

    /** The configuration that a transport would make of this ring. */
    public VirtqueueConfig config(RingFeatures features) {
        return new VirtqueueConfig(size, descGpa, driverGpa, deviceGpa, features);
    }

    /** The device side of this ring. */
    public Virtqueue activate(boolean indirect, boolean eventIdx) {
        return config(RingFeatures.packed(indirect, eventIdx)).activate(memory);
    }

    /** The flags that make a descriptor available in the lap with this wrap counter. */
    public static int available(boolean wrap) {
        return wrap ? AVAIL : USED;
    }

    /** Writes an entry of the ring; the flags last. */
    public RawPackedRing desc(int index, long addr, long len, int id, int flags) {
        entry(descGpa + 16L * index, addr, len, id, flags);
        return this;
    }

    /** Writes an entry that is available in the first lap. */
    public RawPackedRing offer(int index, long addr, long len, int id, int flags) {
        return desc(index, addr, len, id, flags | available(true));
    }

    /** Writes an entry of any table, at any address. */
    public void entry(long gpa, long addr, long len, int id, int flags) {
        long offset = at(gpa);
        ram.set(U64, offset, addr);
        ram.set(U32, offset + 8, (int) len);
        ram.set(U16, offset + 12, (short) id);
        VarHandle.releaseFence();
        ram.set(U16, offset + 14, (short) flags);
    }

    public long addr(int index) {
        return ram.get(U64, at(descGpa) + 16L * index);
    }

    public long len(int index) {
        return Integer.toUnsignedLong(ram.get(U32, at(descGpa) + 16L * index + 8));
    }

    public int id(int index) {
        return u16(descGpa + 16L * index + 12);
    }

    public int flags(int index) {
        return u16(descGpa + 16L * index + 14);
    }

    /** Whether an entry was used in the lap with this wrap counter. */
    public boolean isUsed(int index, boolean wrap) {
        int flags = flags(index);
        return (flags & AVAIL) != 0 == wrap && (flags & USED) != 0 == wrap;
    }

    /** Whether an entry is available in the lap with this wrap counter. */
    public boolean isAvailable(int index, boolean wrap) {
        return (flags(index) & (AVAIL | USED)) == available(wrap);
    }

    public RawPackedRing driverEvent(int offWrap, int flags) {
        ram.set(U16, at(driverGpa), (short) offWrap);
        ram.set(U16, at(driverGpa) + 2, (short) flags);
        return this;
    }

    public RawPackedRing deviceEvent(int offWrap, int flags) {
        ram.set(U16, at(deviceGpa), (short) offWrap);
        ram.set(U16, at(deviceGpa) + 2, (short) flags);
        return this;
    }

    public int driverOffWrap() {
        return u16(driverGpa);
    }

    public int driverFlags() {
        return u16(driverGpa + 2);
    }

    public int deviceOffWrap() {
        return u16(deviceGpa);
    }

    public int deviceFlags() {
        return u16(deviceGpa + 2);
    }

    private int u16(long gpa) {
        return Short.toUnsignedInt(ram.get(U16, at(gpa)));
    }

    /** Copy of the descriptors. */
    public byte[] descriptors() {
        return ram.asSlice(at(descGpa), 16L * size).toArray(ValueLayout.JAVA_BYTE);
    }
}
