package ringside.emulator.virtqueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import ringside.emulator.memory.Le;

/** Whoever sees an index sees what was written before it: entry, descriptor or length, and the data. */
public class RingPublicationStress {
    private static final int DATA = 0x1234;
    private static final int LENGTH = 77;

    /** VIRTIO-1.2 §2.7.8.2: used.len and the data before used.idx. */
    @JCStressTest
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "not yet published")
    @Outcome(id = "77, 4660", expect = Expect.ACCEPTABLE, desc = "length and data seen")
    @Outcome(expect = Expect.FORBIDDEN, desc = "index seen before length or data")
    @State
    public static class Used {
        private final StressRing ring = new StressRing(RingFeatures.split(false, true));

        public Used() {
            ring.publish(LENGTH);
            ring.take();
        }

        @Actor
        public void device() {
            Le.put32(ring.ram, ring.buffer, DATA);
            ring.use(0, LENGTH);
        }

        @Actor
        public void driver(II_Result r) {
            boolean seen = ring.driver.pollUsed() >= 0;
            r.r1 = seen ? ring.driver.usedLength() : -1;
            r.r2 = seen ? Le.get32(ring.ram, ring.buffer) : -1;
        }
    }

    /** VIRTIO-1.2 §2.7.13.3.1: descriptor, ring entry and data before avail.idx. */
    @JCStressTest
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "not yet published")
    @Outcome(id = "77, 4660", expect = Expect.ACCEPTABLE, desc = "descriptor and data seen")
    @Outcome(expect = Expect.FORBIDDEN, desc = "index seen before descriptor or data")
    @State
    public static class Avail {
        private final StressRing ring = new StressRing(RingFeatures.split(false, true));

        @Actor
        public void driver() {
            Le.put32(ring.ram, ring.buffer, DATA);
            ring.publish(LENGTH);
        }

        @Actor
        public void device(II_Result r) {
            r.r1 = ring.take();
            r.r2 = r.r1 < 0 ? -1 : Le.get32(ring.ram, ring.buffer);
        }
    }
}
