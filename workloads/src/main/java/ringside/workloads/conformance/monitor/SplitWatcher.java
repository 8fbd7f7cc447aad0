package ringside.workloads.conformance.monitor;

import java.util.List;
import ringside.emulator.virtqueue.DriverRingAddresses;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RawRam;
import ringside.workloads.conformance.bench.SplitRing;

/** Checks the entries that a driver publishes in one split ring (VIRTIO-1.2 §2.7). */
final class SplitWatcher {
    private static final int INDEX_MASK = 0xffff;

    private final RawRam ram;
    private final int size;
    private final DriverRingAddresses ring;
    private final long features;
    private final List<String> violations;
    private int seen;
    private int checked;

    SplitWatcher(RawRam ram, int size, DriverRingAddresses ring, long features, List<String> violations) {
        this.ram = ram;
        this.size = size;
        this.ring = ring;
        this.features = features;
        this.violations = violations;
        this.seen = ram.u16(ring.availGpa() + 2);
    }

    int checked() {
        return checked;
    }

    private void expect(boolean holds, String violation) {
        if (!holds) {
            violations.add(violation);
        }
    }

    /** Looks at what is new. */
    void look() {
        int idx = ram.u16(ring.availGpa() + 2);
        int flags = ram.u16(ring.availGpa());
        int published = idx - seen & INDEX_MASK;
        expect(published <= size, "R021: avail.idx went from %d to %d".formatted(seen, idx));
        boolean eventIdx = (features & Features.EVENT_IDX) != 0;
        expect(flags <= (eventIdx ? 0 : 1), (eventIdx ? "R023" : "R022") + ": avail.flags " + flags);
        for (int i = 0; i < Math.min(published, size); i++) {
            int slot = (seen + i & INDEX_MASK) % size;
            chain(ram.u16(ring.availGpa() + 4 + 2L * slot));
            checked++;
        }
        seen = idx;
    }

    private void chain(int head) {
        expect(head < size, "R021: head " + head + " of a ring of " + size);
        walk(ring.descGpa(), size, head % size, false);
    }

    private void walk(long tableGpa, int entries, int first, boolean inTable) {
        boolean writable = false;
        long bytes = 0;
        int index = first;
        for (int count = 1; ; count++) {
            long at = tableGpa + 16L * index;
            int flags = ram.u16(at + 12);
            long length = Integer.toUnsignedLong(ram.u32(at + 8));
            if ((flags & SplitRing.INDIRECT) != 0) {
                indirect(at, flags, length, inTable);
                return;
            }
            boolean write = (flags & SplitRing.WRITE) != 0;
            expect(write || !writable, "R013: a readable descriptor after a writable one");
            writable |= write;
            bytes += length;
            expect(
                    ram.u64(at) >= ram.baseGpa() && ram.u64(at) + length <= ram.endGpa(),
                    "R098: a buffer outside memory");
            if ((flags & SplitRing.NEXT) == 0) {
                break;
            }
            index = ram.u16(at + 14);
            if (index >= entries || count > entries) {
                expect(false, "R014: a chain that loops or leaves its table");
                return;
            }
        }
        expect(bytes <= 1L << 32, "R014: a chain of " + bytes + " bytes");
    }

    private void indirect(long at, int flags, long length, boolean inTable) {
        expect((features & Features.INDIRECT) != 0, "R016: INDIRECT was not negotiated");
        expect(!inTable, "R017: a table within a table");
        expect(length > 0 && length % 16 == 0, "R018: a table of " + length + " bytes");
        expect((flags & SplitRing.NEXT) == 0, "R019: INDIRECT and NEXT together");
        if (!inTable && length >= 16) {
            walk(ram.u64(at), (int) (length / 16), 0, true);
        }
    }
}
