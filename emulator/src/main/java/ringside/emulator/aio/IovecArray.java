package ringside.emulator.aio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.emulator.ffi.NativeMemory;

/**
 * An array of {@code struct iovec} {base, length} in native memory, one per request slot: filled in per request, grown
 * on demand, never shrunk. The kernel reads it during submission; a short transfer advances it in place.
 */
public final class IovecArray {
    private static final long ENTRY_BYTES = 16;
    private MemorySegment entries = Arena.ofAuto().allocate(4 * ENTRY_BYTES, 8);

    /** Makes room; content is lost when it grows. */
    public void ensureCapacity(int count) {
        if (count * ENTRY_BYTES > entries.byteSize()) {
            entries = Arena.ofAuto().allocate(2L * count * ENTRY_BYTES, 8);
        }
    }

    /** Sets an entry. */
    public void set(int index, long address, long lengthBytes) {
        entries.set(ValueLayout.JAVA_LONG, index * ENTRY_BYTES, address);
        entries.set(ValueLayout.JAVA_LONG, index * ENTRY_BYTES + 8, lengthBytes);
    }

    /** Address of the first entry; stays valid until {@link #ensureCapacity} grows. */
    public long address() {
        return entries.address();
    }

    /** Base of an entry of an array that lies at an address; for engines that copy. */
    public static long base(long arrayAddress, int index) {
        return NativeMemory.getLong(arrayAddress + index * ENTRY_BYTES);
    }

    /** Length of an entry, likewise. */
    public static long length(long arrayAddress, int index) {
        return NativeMemory.getLong(arrayAddress + index * ENTRY_BYTES + 8);
    }

    /** Takes bytes off the front of an array that lies at an address: what a short transfer has done already. */
    static void advance(long address, int count, long bytes) {
        MemorySegment array = NativeMemory.view(address, count * ENTRY_BYTES);
        long left = bytes;
        for (int i = 0; i < count && left > 0; i++) {
            long length = array.get(ValueLayout.JAVA_LONG, i * ENTRY_BYTES + 8);
            long taken = Math.min(length, left);
            array.set(
                    ValueLayout.JAVA_LONG, i * ENTRY_BYTES, array.get(ValueLayout.JAVA_LONG, i * ENTRY_BYTES) + taken);
            array.set(ValueLayout.JAVA_LONG, i * ENTRY_BYTES + 8, length - taken);
            left -= taken;
        }
    }

    /** Fills the buffers that an array refers to with zeroes: what lies beyond the end of a file. */
    static void zero(long address, int count) {
        MemorySegment array = NativeMemory.view(address, count * ENTRY_BYTES);
        for (int i = 0; i < count; i++) {
            long base = array.get(ValueLayout.JAVA_LONG, i * ENTRY_BYTES);
            long length = array.get(ValueLayout.JAVA_LONG, i * ENTRY_BYTES + 8);
            NativeMemory.view(base, length).fill((byte) 0);
        }
    }
}
