package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A piece of an L2 table in memory. Lookups read it without a lock: they note the version, read, and look at the version
 * again, which changes when the piece is given to another table and while an entry of two words is written. Everything else
 * is done under the lock of the slice's number.
 */
final class L2Slice {
    static final long NONE = -1;

    private static final VarHandle WORD =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN).varHandle();
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(L2Slice.class, "version", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final MemorySegment memory;

    /** Which slice of the guest's disk this is; {@link #NONE} while it is loaded or free. */
    private volatile long number = NONE;

    /** Odd while an entry is half written. */
    @SuppressWarnings("unused") // by VERSION
    private volatile int version;

    /** Differs from the image. Under the lock of the number. */
    boolean dirty;

    /** A copy of it is being written, so what is in the file is older. Under the lock of the number. */
    boolean writing;

    /** The table belongs to the active image alone, so entries may be changed. Under the lock of the number. */
    boolean writable;

    /** Somebody loads or evicts it. Under the cache's lock. */
    boolean busy;

    /** Looked at since the clock's hand passed. Racy, it is a hint. */
    boolean used;

    L2Slice(MemorySegment memory) {
        this.memory = memory;
    }

    long number() {
        return number;
    }

    /** Reads an entry into the mapping. Returns false when this is not that slice any more. */
    boolean read(long wanted, int index, boolean extended, Mapping into) {
        int before = (int) VERSION.getAcquire(this);
        if (number != wanted || (before & 1) != 0) {
            return false;
        }
        if (extended) {
            into.entry = word(2 * index);
            into.bitmap = word(2 * index + 1);
        } else {
            into.entry = word(index);
        }
        VarHandle.loadLoadFence();
        if (!used) {
            used = true;
        }
        return (int) VERSION.getOpaque(this) == before;
    }

    private long word(int index) {
        return (long) WORD.getAcquire(memory, (long) index * Long.BYTES);
    }

    /** Writes an entry. Under the lock of the number. */
    void write(int index, boolean extended, long entry, long bitmap) {
        if (extended) {
            VERSION.setOpaque(this, version + 1);
            VarHandle.fullFence();
            WORD.setRelease(memory, 2L * index * Long.BYTES, entry);
            WORD.setRelease(memory, (2L * index + 1) * Long.BYTES, bitmap);
            VERSION.setRelease(this, version + 1);
        } else {
            WORD.setRelease(memory, (long) index * Long.BYTES, entry);
        }
        dirty = true;
    }

    /** Nobody finds anything in it from now on; its memory may be overwritten afterwards. */
    void retire() {
        number = NONE;
        VERSION.setVolatile(this, version + 2);
        VarHandle.fullFence();
    }

    /** The memory holds the slice with this number. */
    void becomes(long loaded, boolean mayChange) {
        dirty = false;
        writable = mayChange;
        used = true;
        number = loaded;
    }
}
