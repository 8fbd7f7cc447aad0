package ringside.emulator.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Little-endian access to guest memory. The ordering is in the name: plain accesses for data that a ring index hands
 * over, acquire and release for the indices themselves. Aligned layouts throughout, because ordered access to unaligned
 * layouts does not exist; a misaligned offset throws {@link IllegalArgumentException}, so ring addresses are validated
 * before the first access. Ordered writes are plain ones beside a fence: where a peer has cut short the file behind the
 * memory, the JVM's interpreter aborts the process at an ordered write of 16 bits, while a plain one ends in an
 * {@link InternalError}. The {@code Unaligned} family is for request headers, which a guest may put anywhere.
 */
public final class Le {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32_UNALIGNED =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64_UNALIGNED =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED16 = LE16.varHandle();
    private static final VarHandle ORDERED32 = LE32.varHandle();
    private static final VarHandle ORDERED64 = LE64.varHandle();

    private Le() {}

    /** Plain 16-bit read, zero-extended. */
    public static int get16(MemorySegment memory, long offset) {
        return Short.toUnsignedInt(memory.get(LE16, offset));
    }

    /** Plain 16-bit write. */
    public static void put16(MemorySegment memory, long offset, int value) {
        memory.set(LE16, offset, (short) value);
    }

    /** 16-bit read, zero-extended, that later accesses cannot pass. */
    public static int get16Acquire(MemorySegment memory, long offset) {
        return Short.toUnsignedInt((short) ORDERED16.getAcquire(memory, offset));
    }

    /** 16-bit read, zero-extended, that the compiler neither caches nor repeats. */
    public static int get16Opaque(MemorySegment memory, long offset) {
        return Short.toUnsignedInt((short) ORDERED16.getOpaque(memory, offset));
    }

    /** 16-bit write that earlier accesses cannot pass. */
    public static void put16Release(MemorySegment memory, long offset, int value) {
        VarHandle.releaseFence();
        memory.set(LE16, offset, (short) value);
    }

    /** 16-bit write that the compiler does not delay or merge. */
    public static void put16Opaque(MemorySegment memory, long offset, int value) {
        memory.set(LE16, offset, (short) value);
        VarHandle.storeStoreFence();
    }

    /** Plain 32-bit read. */
    public static int get32(MemorySegment memory, long offset) {
        return memory.get(LE32, offset);
    }

    /** Plain 32-bit write. */
    public static void put32(MemorySegment memory, long offset, int value) {
        memory.set(LE32, offset, value);
    }

    /** 32-bit read that the compiler neither caches nor repeats. */
    public static int get32Opaque(MemorySegment memory, long offset) {
        return (int) ORDERED32.getOpaque(memory, offset);
    }

    /** 32-bit write that the compiler does not delay or merge. */
    public static void put32Opaque(MemorySegment memory, long offset, int value) {
        memory.set(LE32, offset, value);
        VarHandle.storeStoreFence();
    }

    /** Plain 64-bit read. */
    public static long get64(MemorySegment memory, long offset) {
        return memory.get(LE64, offset);
    }

    /** 64-bit read that later accesses cannot pass. */
    public static long get64Acquire(MemorySegment memory, long offset) {
        return (long) ORDERED64.getAcquire(memory, offset);
    }

    /** 64-bit write that earlier accesses cannot pass. */
    public static void put64Release(MemorySegment memory, long offset, long value) {
        VarHandle.releaseFence();
        memory.set(LE64, offset, value);
    }

    /** Plain 64-bit write. */
    public static void put64(MemorySegment memory, long offset, long value) {
        memory.set(LE64, offset, value);
    }

    /** 32-bit read at any offset. */
    public static int get32Unaligned(MemorySegment memory, long offset) {
        return memory.get(LE32_UNALIGNED, offset);
    }

    /** 32-bit write at any offset. */
    public static void put32Unaligned(MemorySegment memory, long offset, int value) {
        memory.set(LE32_UNALIGNED, offset, value);
    }

    /** 64-bit read at any offset. */
    public static long get64Unaligned(MemorySegment memory, long offset) {
        return memory.get(LE64_UNALIGNED, offset);
    }

    /** 64-bit write at any offset. */
    public static void put64Unaligned(MemorySegment memory, long offset, long value) {
        memory.set(LE64_UNALIGNED, offset, value);
    }

    /** 8-bit read, zero-extended. */
    public static int get8(MemorySegment memory, long offset) {
        return Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, offset));
    }

    /** 8-bit write. */
    public static void put8(MemorySegment memory, long offset, int value) {
        memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }
}
