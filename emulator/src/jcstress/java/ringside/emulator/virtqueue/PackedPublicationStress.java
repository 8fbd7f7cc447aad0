package ringside.emulator.virtqueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import ringside.emulator.memory.Le;

/**
 * Whoever sees that the first descriptor of a batch changed hands sees all of the batch, and the data: on a packed ring no
 * index stands behind them.
 */
public class PackedPublicationStress {
    private static final int DATA = 0x1234;

    /** VIRTIO-1.2 §2.8.12: two used descriptors, of which the first is written last. */
    @JCStressTest
    @Outcome(id = "-1, -1, -1", expect = Expect.ACCEPTABLE, desc = "not yet published")
    @Outcome(id = "77, 88, 4660", expect = Expect.ACCEPTABLE, desc = "both and the data seen")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the first seen before the second or the data")
    @State
    public static class Used {
        private final StressRing ring = new StressRing(RingFeatures.packed(false, true));

        public Used() {
            ring.publish(77);
            ring.publish(88);
            ring.take();
            ring.take();
        }

        @Actor
        public void device() {
            Le.put32(ring.ram, ring.buffer, DATA);
            ring.device.addUsed(0, 77);
            ring.device.addUsed(1, 88);
            ring.device.publishUsed();
        }

        @Actor
        public void driver(III_Result r) {
            boolean first = ring.driver.pollUsed() >= 0;
            r.r1 = first ? ring.driver.usedLength() : -1;
            boolean second = first && ring.driver.pollUsed() >= 0;
            r.r2 = second ? ring.driver.usedLength() : -1;
            r.r3 = first ? Le.get32(ring.ram, ring.buffer) : -1;
        }
    }

    /** VIRTIO-1.2 §2.8.21.1: a list of two descriptors and its data before the first one's flags. */
    @JCStressTest
    @Outcome(id = "-1, -1, -1", expect = Expect.ACCEPTABLE, desc = "not yet published")
    @Outcome(id = "77, 88, 4660", expect = Expect.ACCEPTABLE, desc = "list and data seen")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the first descriptor seen before the second or the data")
    @State
    public static class Avail {
        private final StressRing ring = new StressRing(RingFeatures.packed(false, true));

        @Actor
        public void driver() {
            Le.put32(ring.ram, ring.buffer, DATA);
            ring.publish(77, 88);
        }

        @Actor
        public void device(III_Result r) {
            r.r1 = ring.take();
            r.r2 = r.r1 < 0 ? -1 : ring.secondLength();
            r.r3 = r.r1 < 0 ? -1 : Le.get32(ring.ram, ring.buffer);
        }
    }
}
