package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The handshake before a device sleeps: the driver publishes and then reads the event index, the device writes the event
 * index and then looks once more. At least one side must see the other, or a request waits for ever. Only a full fence
 * between store and load forbids that both miss; release and acquire do not.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "no kick and not seen: the request is lost")
@Outcome(expect = Expect.ACCEPTABLE, desc = "a kick, or seen by the device, or both")
@State
public class NotificationRaceStress {
    private static final int QUEUE_SIZE = 4;

    private final MemorySegment avail = MemorySegment.ofArray(new long[4]);
    private final MemorySegment used = MemorySegment.ofArray(new long[8]);

    /** Publishes one request; the result is the event index that the driver sees, 1 if it asks for a kick. */
    @Actor
    public void driver(II_Result result) {
        VirtqAvail.putIdxRelease(avail, 0, 1);
        VarHandle.fullFence();
        result.r1 = VirtqUsed.availEvent(used, 0, QUEUE_SIZE);
    }

    /** Asks for a kick; the result is the available index that the device sees before it sleeps. */
    @Actor
    public void device(II_Result result) {
        VirtqUsed.putAvailEvent(used, 0, QUEUE_SIZE, 1);
        VarHandle.fullFence();
        result.r2 = VirtqAvail.idxAcquire(avail, 0);
    }
}
