package ringside.emulator.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Turns addresses that a system call returned into segments. The only place that calls {@code reinterpret}. */
public final class NativeMemory {
    private NativeMemory() {}

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
