package ringside.emulator.memory;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import ringside.emulator.ffi.LibC;

/** Makes each access to memory whose file has been cut short, in a process of its own; see {@link LeFaultTest}. */
final class LeFaultProbe {
    private static final long PAGE = 4096;

    private static final List<Consumer<MemorySegment>> ACCESSES = List.of(
            memory -> Le.get16(memory, 0),
            memory -> Le.put16(memory, 0, 1),
            memory -> Le.get16Acquire(memory, 0),
            memory -> Le.get16Opaque(memory, 0),
            memory -> Le.put16Release(memory, 0, 1),
            memory -> Le.put16Opaque(memory, 0, 1),
            memory -> Le.get32(memory, 0),
            memory -> Le.put32(memory, 0, 1),
            memory -> Le.get64(memory, 0),
            memory -> Le.put64(memory, 0, 1),
            memory -> Le.get32Unaligned(memory, 1),
            memory -> Le.put32Unaligned(memory, 1, 1),
            memory -> Le.get64Unaligned(memory, 1),
            memory -> Le.put64Unaligned(memory, 1, 1),
            memory -> Le.get8(memory, 0),
            memory -> Le.put8(memory, 0, 1));

    private LeFaultProbe() {}

    public static void main(String[] args) {
        int fd = LibC.memfdCreate("shrinks", 0);
        LibC.ftruncate(fd, PAGE);
        long address = LibC.mmap(PAGE, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(PAGE);
        LibC.ftruncate(fd, 0);
        int failed = 0;
        for (Consumer<MemorySegment> access : ACCESSES) {
            try {
                access.accept(memory);
            } catch (InternalError e) {
                failed++;
            }
        }
        System.out.println(failed + " of " + ACCESSES.size());
    }
}
