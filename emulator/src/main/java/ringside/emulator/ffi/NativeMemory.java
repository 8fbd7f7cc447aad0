package ringside.emulator.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns addresses that a system call returned into segments. The only place that calls {@code reinterpret}. */
public final class NativeMemory {
    /**
     * All of the address space, for accesses that must not allocate a segment each.
     *
     * <p>SAFETY: used by the methods below only, whose callers pass addresses of checked requests, as for {@link #view}.
     */
    private static final MemorySegment EVERYTHING = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NativeMemory() {}

    /** Copies from a segment to an address that somebody else keeps mapped. Does not allocate. */
    public static void copyOut(MemorySegment from, long offset, long address, long lengthBytes) {
        MemorySegment.copy(from, offset, EVERYTHING, address, lengthBytes);
    }

    /** Copies to a segment from an address that somebody else keeps mapped. Does not allocate. */
    public static void copyIn(MemorySegment to, long offset, long address, long lengthBytes) {
        MemorySegment.copy(EVERYTHING, address, to, offset, lengthBytes);
    }

    /** Fills memory that somebody else keeps mapped. */
    public static void fill(long address, long lengthBytes, byte value) {
        EVERYTHING.asSlice(address, lengthBytes).fill(value);
    }

    /** Reads eight bytes at an aligned address that somebody else keeps mapped. Does not allocate. */
    public static long getLong(long address) {
        return EVERYTHING.get(ValueLayout.JAVA_LONG, address);
    }

    /**
     * A segment over memory that the kernel mapped for this process and that stays mapped until the arena is closed.
     *
     * @param onClose runs when the arena is closed, after the last access ended
     */
    public static MemorySegment mapped(long address, long lengthBytes, Arena arena, Runnable onClose) {
        // SAFETY: address and length come from one successful mmap(2); onClose is its only munmap(2).
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, _ -> onClose.run());
    }

    /**
     * A segment over memory that somebody else keeps mapped for as long as the result is used, for copies to and from
     * buffers of a checked request.
     */
    public static MemorySegment view(long address, long lengthBytes) {
        // SAFETY: the device checked the range against guest memory before it became part of a request, and guest
        // memory outlives all requests.
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes);
    }
}
