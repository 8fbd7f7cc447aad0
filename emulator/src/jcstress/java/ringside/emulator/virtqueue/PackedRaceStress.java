package ringside.emulator.virtqueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The races of {@link NotificationRaceStress} on a packed ring. One side publishes while the other arms its notification and goes to sleep. Either the publisher notifies, or the
 * sleeper sees the work (Dekker); both may happen, neither must not. The result is (publisher notifies, sleeper sees).
 */
public class PackedRaceStress {
    /** VIRTIO-1.2 §2.8.21.3.1 and §2.8.10, with EVENT_IDX: by descriptor. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the driver kicks")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the device sees the buffer")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the request is lost")
    @State
    public static class KickWithEventIdx extends KickRace {
        public KickWithEventIdx() {
            super(RingFeatures.packed(false, true));
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverPublishes(r);
        }

        @Actor
        public void device(ZZ_Result r) {
            deviceArms(r);
        }
    }

    /** The same with RING_EVENT_FLAGS_DISABLE and _ENABLE. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the driver kicks")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the device sees the buffer")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the request is lost")
    @State
    public static class KickWithFlags extends KickRace {
        public KickWithFlags() {
            super(RingFeatures.packed(false, false));
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverPublishes(r);
        }

        @Actor
        public void device(ZZ_Result r) {
            deviceArms(r);
        }
    }

    /** VIRTIO-1.2 §2.8.10 and §2.8.22, with EVENT_IDX: by descriptor. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the device notifies")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the driver sees the completion")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the completion is lost")
    @State
    public static class InterruptWithEventIdx extends InterruptRace {
        public InterruptWithEventIdx() {
            super(RingFeatures.packed(false, true));
        }

        @Actor
        public void device(ZZ_Result r) {
            devicePublishes(r);
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverArms(r);
        }
    }

    /** The same with RING_EVENT_FLAGS_DISABLE and _ENABLE. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the device notifies")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the driver sees the completion")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the completion is lost")
    @State
    public static class InterruptWithFlags extends InterruptRace {
        public InterruptWithFlags() {
            super(RingFeatures.packed(false, false));
        }

        @Actor
        public void device(ZZ_Result r) {
            devicePublishes(r);
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverArms(r);
        }
    }
}
