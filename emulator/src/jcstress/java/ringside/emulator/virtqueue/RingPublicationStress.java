package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A device that sees the new available index also sees the ring entry written before it (VIRTIO 1.2, 2.7.13.3): the
 * release store of the driver and the acquire load of the device carry the order.
 */
@JCStressTest
@Outcome(id = "0, -1", expect = Expect.ACCEPTABLE, desc = "the device looked before the driver published")
@Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "index and entry")
@Outcome(expect = Expect.FORBIDDEN, desc = "the index was visible before the entry")
@State
public class RingPublicationStress {
    private static final int HEAD = 7;

    // On the heap, because a native mapping per state would be far slower to make than to test.
    private final MemorySegment ring = MemorySegment.ofArray(new long[4]);

    /** The driver's side of one request. */
    @Actor
    public void driver() {
        VirtqAvail.putRing(ring, 0, 0, HEAD);
        VirtqAvail.putIdxRelease(ring, 0, 1);
    }

    /** The device's side. */
    @Actor
    public void device(II_Result result) {
        result.r1 = VirtqAvail.idxAcquire(ring, 0);
        result.r2 = result.r1 == 0 ? -1 : VirtqAvail.ring(ring, 0, 0);
    }
}
