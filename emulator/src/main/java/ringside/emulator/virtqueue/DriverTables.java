package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;

/**
 * The driver's indirect tables, one per head. What a table says is remembered, so that a head which gets the same buffers
 * again costs no look at guest memory. One thread; does not allocate after construction.
 */
final class DriverTables {
    private static final int ALIGN = 64;

    private final MemorySegment ram;
    private final int entries;
    private final boolean packed;
    private final long tables;
    private final long tablesGpa;
    private final long[] toldGpa;
    private final int[] toldBytes;
    private final int[] toldShape;

    /** @param entries entries of each table; 0 for none */
    DriverTables(GuestMemory memory, GuestAllocator allocator, int heads, int entries, boolean packed) {
        this.ram = memory.ram();
        this.entries = entries;
        this.packed = packed;
        long bytes = (long) heads * entries * VirtqDesc.BYTES;
        this.tablesGpa = entries == 0 ? 0 : allocator.allocate(bytes, ALIGN);
        this.tables = entries == 0 ? 0 : memory.translate(tablesGpa, bytes);
        this.toldGpa = new long[heads * entries];
        this.toldBytes = new int[heads * entries];
        this.toldShape = new int[heads];
    }

    /** Whether there are any. */
    boolean exist() {
        return entries > 0;
    }

    /** @throws IllegalArgumentException when a table cannot hold so many */
    void check(int segments) {
        if (segments > entries) {
            throw new IllegalArgumentException(
                    "chain of " + segments + " segments exceeds the indirect table of " + entries);
        }
    }

    long gpa(int head) {
        return tablesGpa + offset(head);
    }

    private long offset(int head) {
        return (long) head * entries * VirtqDesc.BYTES;
    }

    /** Makes the table of a head describe a chain. Returns false when it did so already. */
    boolean describe(int head, long[] gpa, int[] bytes, int readable, int total) {
        if (says(head, gpa, bytes, readable, total)) {
            return false;
        }
        toldShape[head] = shape(readable, total);
        System.arraycopy(gpa, 0, toldGpa, head * entries, total);
        System.arraycopy(bytes, 0, toldBytes, head * entries, total);
        for (int i = 0; i < total; i++) {
            long entry = tables + offset(head) + (long) i * VirtqDesc.BYTES;
            int write = i >= readable ? VirtqDesc.VIRTQ_DESC_F_WRITE : 0;
            if (packed) {
                PvirtqDesc.putAddr(ram, entry, gpa[i]);
                PvirtqDesc.putTail(ram, entry, PvirtqDesc.tail(bytes[i], 0, write));
            } else {
                int next = i + 1 < total ? VirtqDesc.VIRTQ_DESC_F_NEXT : 0;
                VirtqDesc.put(ram, entry, gpa[i], bytes[i], next | write, i + 1);
            }
        }
        return true;
    }

    private boolean says(int head, long[] gpa, int[] bytes, int readable, int total) {
        if (toldShape[head] != shape(readable, total)) {
            return false;
        }
        int told = head * entries;
        for (int i = 0; i < total; i++) {
            if (toldGpa[told + i] != gpa[i] || toldBytes[told + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static int shape(int readable, int total) {
        return readable << 16 | total;
    }
}
