package ringside.emulator.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The one downcall of Ringside: libc's {@code syscall(2)} with six integer arguments. Every system call has this shape,
 * so one method handle, one place for errno and one justification are enough (docs/adr/0003).
 */
final class Syscall {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = link();

    /** One errno segment per thread; freed with the thread. */
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private Syscall() {}

    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().findOrThrow("syscall");
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        FunctionDescriptor shape = FunctionDescriptor.of(word, word, word, word, word, word, word, word);
        return linker.downcallHandle(
                symbol, shape, Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));
    }

    /** Calls the kernel. Returns its result, or the negative errno. Allocates only at a thread's first call. */
    static long call(int number, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = CALL_STATE.get();
        long result;
        try {
            result = (long) SYSCALL.invokeExact(state, (long) number, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError("a system call does not throw", t);
        }
        return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    }
}
