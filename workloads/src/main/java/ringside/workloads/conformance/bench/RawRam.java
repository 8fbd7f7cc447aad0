package ringside.workloads.conformance.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Guest memory by guest physical address, little-endian, at any alignment. Every access stands between full fences: the
 * bench never has to argue about ordering. One thread hands out memory; accesses may come from any.
 */
public final class RawRam {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;
    private final long baseGpa;
    private long nextGpa;

    /** @param segment the memory that begins at {@code baseGpa}, one contiguous region */
    public RawRam(MemorySegment segment, long baseGpa) {
        this.segment = segment;
        this.baseGpa = baseGpa;
        this.nextGpa = baseGpa;
    }

    /** First address. */
    public long baseGpa() {
        return baseGpa;
    }

    /** First address behind the memory. */
    public long endGpa() {
        return baseGpa + segment.byteSize();
    }

    /** Forgets what was handed out and zeroes it. */
    public void clear() {
        segment.asSlice(0, nextGpa - baseGpa).fill((byte) 0);
        nextGpa = baseGpa;
    }

    /**
     * A range that nobody else uses, all zero after {@link #clear()}.
     *
     * @param alignBytes a power of two
     */
    public long allocate(long bytes, long alignBytes) {
        long gpa = (nextGpa + alignBytes - 1) & -alignBytes;
        if (gpa + bytes > endGpa()) {
            throw new IllegalStateException("the bench needs more guest memory than " + segment.byteSize() + " bytes");
        }
        nextGpa = gpa + bytes;
        return gpa;
    }

    public int u8(long gpa) {
        VarHandle.fullFence();
        return Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, gpa - baseGpa));
    }

    public int u16(long gpa) {
        VarHandle.fullFence();
        int value = Short.toUnsignedInt(segment.get(LE16, gpa - baseGpa));
        VarHandle.fullFence();
        return value;
    }

    public int u32(long gpa) {
        VarHandle.fullFence();
        return segment.get(LE32, gpa - baseGpa);
    }

    public long u64(long gpa) {
        VarHandle.fullFence();
        return segment.get(LE64, gpa - baseGpa);
    }

    public void put8(long gpa, int value) {
        segment.set(ValueLayout.JAVA_BYTE, gpa - baseGpa, (byte) value);
        VarHandle.fullFence();
    }

    public void put16(long gpa, int value) {
        VarHandle.fullFence();
        segment.set(LE16, gpa - baseGpa, (short) value);
        VarHandle.fullFence();
    }

    public void put32(long gpa, int value) {
        segment.set(LE32, gpa - baseGpa, value);
        VarHandle.fullFence();
    }

    public void put64(long gpa, long value) {
        segment.set(LE64, gpa - baseGpa, value);
        VarHandle.fullFence();
    }

    /** A copy of some bytes. */
    public byte[] bytes(long gpa, int count) {
        VarHandle.fullFence();
        return segment.asSlice(gpa - baseGpa, count).toArray(ValueLayout.JAVA_BYTE);
    }

    public void put(long gpa, byte[] bytes) {
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, gpa - baseGpa, bytes.length);
        VarHandle.fullFence();
    }

    /** Fills a range with one byte. */
    public void fill(long gpa, long bytes, int value) {
        segment.asSlice(gpa - baseGpa, bytes).fill((byte) value);
        VarHandle.fullFence();
    }
}
