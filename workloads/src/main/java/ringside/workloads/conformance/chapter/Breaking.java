package ringside.workloads.conformance.chapter;

import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.PackedRing;
import ringside.workloads.conformance.bench.SplitRing;

/** Ways to break a ring. */
final class Breaking {
    private Breaking() {}

    /** An entry that no device can take: a head beyond the ring, or a descriptor outside memory. */
    static void ring(Bench bench) {
        if (bench.ring() instanceof SplitRing ring) {
            ring.offer(ring.layout().size());
        } else if (bench.ring() instanceof PackedRing ring) {
            ring.put(bench.ram().endGpa(), 16, 0, 0);
        }
        bench.ring().publish();
        bench.link().kick(0);
    }
}
